using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Tells Calendly which pairs are over, until it says yes; gives up after a day, loudly.</summary>
internal sealed class RevocationWorker(Revocations revocations, PairSeal seal, ICalendlyOAuth oauth, IWebhookEnd webhooks, WireTime time, ILogger<RevocationWorker> log) : BackgroundService
{
    private const int AtOnce = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    // Up to three calls each, so at most sixty a second: what is left of Calendly's patience belongs to people who wait.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>Works off what is due now. Returns how many were taken up.</summary>
    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        var due = await revocations.ClaimAsync(AtOnce, cancellationToken);
        foreach (var pending in due)
        {
            await RevokeAsync(pending, cancellationToken);
            await Task.Delay(Pace, time.Provider, cancellationToken);
        }

        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var awoken = revocations.Awoken;
            try
            {
                if (await WorkAsync(stoppingToken) > 0)
                {
                    continue;
                }
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                log.LogWarning("Revocations wait: {Trouble}", trouble.GetType().Name);
            }

            await Task.WhenAny(awoken, Task.Delay(Idle, time.Provider, stoppingToken));
        }
    }

    private async Task RevokeAsync(PendingRevocation pending, CancellationToken cancellationToken)
    {
        try
        {
            if (pending.WebhookUri is { } webhookUri)
            {
                await webhooks.TryEndAsync(pending.UserId, webhookUri, seal.OpenAccess(pending.UserId, pending.AccessToken), cancellationToken);
            }

            // The refresh token first: it is the one that lasts.
            var gone = pending.RefreshToken is null || await oauth.RevokeAsync(seal.OpenRefresh(pending.UserId, pending.RefreshToken), cancellationToken);
            gone &= await oauth.RevokeAsync(seal.OpenAccess(pending.UserId, pending.AccessToken), cancellationToken);
            if (gone)
            {
                await revocations.EndAsync(pending, TokenEventKind.Revoked);
                return;
            }
        }
        catch (CryptographicException)
        {
            log.LogCritical("A pair of connection {UserId} that waits for its revocation cannot be opened: wrong key, or a changed row", pending.UserId);
        }

        if (pending.Age < Patience)
        {
            await revocations.TryLaterAsync(pending, Waits[Math.Min((int)pending.Attempts, Waits.Length) - 1]);
            return;
        }

        log.LogCritical("Calendly has not confirmed for a day that a pair of connection {UserId} is over; it is forgotten here", pending.UserId);
        await revocations.EndAsync(pending, TokenEventKind.RevocationGivenUp);
    }
}
