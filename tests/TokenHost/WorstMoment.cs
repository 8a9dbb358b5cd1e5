using System.Diagnostics;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.TokenHost;

/// <summary>Where the process ends, as by <c>kill -9</c>.</summary>
internal enum Moment
{
    Never,
    BeforeTheLease,
    LeasedNotSent,
    SentNotRead,
    ReadNotJournaled,
    JournaledNotSaved,
    SavedNotPublished,
    WhileRevoking,

    /// <summary>Not the end: says "stalled" and waits to be stopped and continued.</summary>
    StallsWithTheLease,
}

internal static class WorstMoment
{
    private static readonly ManualResetEventSlim Never = new();

    /// <summary>Puts the moment into the seams around the store and the token endpoint; the code between them is the application's.</summary>
    public static void AddWorstMoment(this IServiceCollection services, Moment moment)
    {
        services.AddSingleton<ITokenStore>(provider => new DyingStore(provider.GetRequiredService<TokenStore>(), moment));
        services.AddHttpClient<ICalendlyOAuth, CalendlyOAuth>().AddHttpMessageHandler(() => new DyingWire(moment));
        var typed = services.Last(service => service.ServiceType == typeof(ICalendlyOAuth));
        services.AddTransient<ICalendlyOAuth>(provider => new DyingOAuth((ICalendlyOAuth)typed.ImplementationFactory!(provider), moment));
    }

    public static void Die()
    {
        Process.GetCurrentProcess().Kill();
        Never.Wait();
    }

    private sealed class DyingWire(Moment moment) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (moment == Moment.SentNotRead && request.RequestUri!.AbsolutePath.EndsWith("/oauth/token", StringComparison.Ordinal))
            {
                Die();
            }

            return response;
        }
    }

    private sealed class DyingOAuth(ICalendlyOAuth oauth, Moment moment) : ICalendlyOAuth
    {
        public Task<OAuthAnswer> ExchangeCodeAsync(Secret code, string codeVerifier, string redirectUri, CancellationToken cancellationToken) =>
            oauth.ExchangeCodeAsync(code, codeVerifier, redirectUri, cancellationToken);

        public async Task<OAuthAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken)
        {
            DieAt(Moment.LeasedNotSent);
            var answer = await oauth.RefreshAsync(refreshToken, cancellationToken);
            DieAt(Moment.ReadNotJournaled);
            return answer;
        }

        public async Task<bool> RevokeAsync(Secret token, CancellationToken cancellationToken)
        {
            var gone = await oauth.RevokeAsync(token, cancellationToken);
            DieAt(Moment.WhileRevoking);
            return gone;
        }

        public Task<bool?> IntrospectAsync(Secret token, CancellationToken cancellationToken) => oauth.IntrospectAsync(token, cancellationToken);

        public Task<Introspection?> DescribeAsync(Secret token, CancellationToken cancellationToken) => oauth.DescribeAsync(token, cancellationToken);

        private void DieAt(Moment here)
        {
            if (moment == here)
            {
                Die();
            }
        }
    }

    private sealed class DyingStore(ITokenStore store, Moment moment) : ITokenStore
    {
        public async Task<StoredTokens?> ReadAsync(long userId, CancellationToken cancellationToken)
        {
            if (moment == Moment.BeforeTheLease)
            {
                Die();
            }

            var tokens = await store.ReadAsync(userId, cancellationToken);
            return moment == Moment.StallsWithTheLease && tokens is not null ? tokens with { OpenRefreshToken = () => Stall(tokens) } : tokens;
        }

        public ValueTask<StoredTokens?> RecallAsync(long userId, CancellationToken cancellationToken) => store.RecallAsync(userId, cancellationToken);

        public Task<StoredTokens?> ConnectAsync(long userId, IssuedTokens tokens, CancellationToken cancellationToken) => store.ConnectAsync(userId, tokens, cancellationToken);

        public async Task<StoredTokens?> ReplaceAsync(long userId, long version, IssuedTokens tokens, CancellationToken cancellationToken)
        {
            if (moment == Moment.JournaledNotSaved)
            {
                Die();
            }

            var stored = await store.ReplaceAsync(userId, version, tokens, cancellationToken);
            if (moment == Moment.SavedNotPublished)
            {
                Die();
            }

            return stored;
        }

        public Task<bool> MarkAsync(long userId, long version, ConnectionStatus status, string reason, string? leaseOwner, CancellationToken cancellationToken) =>
            store.MarkAsync(userId, version, status, reason, leaseOwner, cancellationToken);

        public Task KeepProfileAsync(long userId, CalendlyProfile profile, CancellationToken cancellationToken) => store.KeepProfileAsync(userId, profile, cancellationToken);

        public Task<bool> DisconnectAsync(long userId, CancellationToken cancellationToken, bool revoke = true) => store.DisconnectAsync(userId, cancellationToken, revoke);

        // The lease is taken by now. Only a stopped process stands still for so long: what follows is its waking up.
        private static Secret Stall(StoredTokens tokens)
        {
            var began = Stopwatch.GetTimestamp();
            Console.WriteLine("stalled");
            while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20))
            {
                Never.Wait(50);
            }

            return tokens.RefreshToken;
        }
    }
}
