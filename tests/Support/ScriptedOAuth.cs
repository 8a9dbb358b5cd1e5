using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Tests.Support;

/// <summary>A token endpoint that says what a test wants, and remembers what it was asked.</summary>
internal sealed class ScriptedOAuth : ICalendlyOAuth
{
    private readonly Lock _lock = new();

    /// <summary>Answers the n-th refresh, counted from 1.</summary>
    public Func<int, Task<OAuthAnswer>> OnRefresh { get; set; } = call =>
        Task.FromResult(new OAuthAnswer(OAuthOutcome.Issued, TokenStoreRig.Pair(call + 1)));

    public Func<bool?> OnIntrospect { get; set; } = () => null;

    public List<string> Presented { get; } = [];

    public List<string> Revoked { get; } = [];

    public Task<OAuthAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken)
    {
        int call;
        lock (_lock)
        {
            Presented.Add(refreshToken.Reveal());
            call = Presented.Count;
        }

        return OnRefresh(call);
    }

    public Task<bool> RevokeAsync(Secret token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Revoked.Add(token.Reveal());
        }

        return Task.FromResult(true);
    }

    /// <summary>Answers who a token's owner is.</summary>
    public Func<string, Introspection?> OnDescribe { get; set; } = _ => null;

    public Task<Introspection?> DescribeAsync(Secret token, CancellationToken cancellationToken) => Task.FromResult(OnDescribe(token.Reveal()));

    public Task<bool?> IntrospectAsync(Secret token, CancellationToken cancellationToken) => Task.FromResult(OnIntrospect());

    public Task<OAuthAnswer> ExchangeCodeAsync(Secret code, string codeVerifier, string redirectUri, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No test here exchanges a code.");
}
