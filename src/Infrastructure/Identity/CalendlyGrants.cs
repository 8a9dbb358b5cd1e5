using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Identity;

internal enum GrantOutcome
{
    Connected,

    /// <summary>The person is connected as somebody else at Calendly and has to choose; the new grant waits.</summary>
    OtherAccount,

    /// <summary>The Calendly user is connected to another person here; the new grant was revoked.</summary>
    InUse,
}

/// <summary>What becomes of a new grant: a connection of the signed-in person, or a sign-in by itself. Every grant ends
/// stored or revoked.</summary>
internal sealed class CalendlyGrants(
    ITokenStore store, Revocations revocations, PendingSwitches switches, People people, ICalendlyOAuth oauth, CalendlyApiFor apiFor, WireTime time)
{
    // As long as a person may wait for Calendly's word that is not needed for going on.
    private static readonly TimeSpan MomentToConfirm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(40);

    public async Task<GrantOutcome> ConnectAsync(long userId, IssuedTokens tokens)
    {
        var current = await store.ReadAsync(userId, CancellationToken.None);
        if (current is not null && !current.Connection.MayBelongTo(tokens.OwnerUri))
        {
            await switches.KeepAsync(userId, tokens);
            return GrantOutcome.OtherAccount;
        }

        return await StoreAsync(userId, tokens);
    }

    /// <summary>Replaces the connected account by the one that waits, and revokes the old grant. Null when none waits.</summary>
    public async Task<GrantOutcome?> SwitchAsync(long userId)
    {
        return await switches.TakeAsync(userId) is { } tokens ? await StoreAsync(userId, tokens) : null;
    }

    /// <summary>Throws away the grant that waits.</summary>
    public async Task KeepOldAsync(long userId)
    {
        if (await switches.TakeAsync(userId) is { } tokens)
        {
            await revocations.QueueOrphanAsync(userId, tokens);
        }
    }

    /// <summary>Signs in as the owner of the grant, who is found by Calendly's URI, never by mail. Null when nobody knows that
    /// person's name: Calendly does not say it, and has never said it before. The grant is then revoked.</summary>
    public async Task<CurrentUser?> SignInAsync(IssuedTokens tokens)
    {
        var userId = await people.FindOrAddAsync(tokens.OwnerUri, CancellationToken.None);
        if (await StoreAsync(userId, tokens) == GrantOutcome.Connected
            && (await ReadProfileAsync(userId, CancellationToken.None) ?? await KnownProfileAsync(userId)) is { } profile)
        {
            return new CurrentUser(userId, profile.Name, Role.Coach);
        }

        await DisconnectAsync(userId);
        return null;
    }

    /// <summary>Asks Calendly who the connected user is, and keeps the answer. Null when Calendly does not say.</summary>
    public async Task<CalendlyProfile?> ReadProfileAsync(long userId, CancellationToken cancellationToken)
    {
        var answer = await apiFor(new ConnectionOwner(userId)).GetCurrentUserAsync(cancellationToken);
        if (!answer.Succeeded(out var user, out _))
        {
            return null;
        }

        var profile = new CalendlyProfile(user.Name, user.Email, user.Timezone, user.SchedulingUrl);
        await store.KeepProfileAsync(userId, profile, cancellationToken);
        return profile;
    }

    /// <summary>Forgets the pair at once and has it revoked. False when Calendly has not confirmed that within a second; it
    /// is then told again until it does.</summary>
    public async Task<bool> DisconnectAsync(long userId)
    {
        await store.DisconnectAsync(userId, CancellationToken.None);
        var began = time.Provider.GetTimestamp();
        while (await revocations.CountAsync(userId, CancellationToken.None) > 0)
        {
            if (time.Provider.GetElapsedTime(began) >= MomentToConfirm)
            {
                return false;
            }

            await Task.Delay(BetweenLooks, time.Provider);
        }

        return true;
    }

    private async Task<CalendlyProfile?> KnownProfileAsync(long userId) => (await store.ReadAsync(userId, CancellationToken.None))?.Connection.Profile;

    private async Task<GrantOutcome> StoreAsync(long userId, IssuedTokens tokens)
    {
        try
        {
            if (await store.ConnectAsync(userId, tokens, CancellationToken.None) is not null)
            {
                return GrantOutcome.Connected;
            }
        }
        catch (Exception)
        {
            // A grant that could not be stored must not live on at Calendly with nobody to look after it. It is revoked at
            // once: a database that did not take the grant would not take a note about it either.
            await oauth.RevokeAsync(tokens.RefreshToken ?? tokens.AccessToken, CancellationToken.None);
            await oauth.RevokeAsync(tokens.AccessToken, CancellationToken.None);
            throw;
        }

        await revocations.QueueOrphanAsync(userId, tokens);
        return GrantOutcome.InUse;
    }
}
