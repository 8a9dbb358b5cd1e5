using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Tests.Support;

/// <summary>A token store in which version n is the token <c>token-marker-n</c>.</summary>
internal sealed class FakeTokens : IAccessTokens
{
    public long Version { get; private set; } = 1;

    /// <summary>When set, there are no tokens.</summary>
    public Failure? Failure { get; set; }

    /// <summary>When set, there are no newer tokens.</summary>
    public Failure? RefreshFailure { get; set; }

    public List<(long UserId, long Version)> Refused { get; } = [];

    public List<long> AskedFor { get; } = [];

    public Task<Result<AccessToken>> GetAsync(long userId, CancellationToken cancellationToken)
    {
        AskedFor.Add(userId);
        return Task.FromResult<Result<AccessToken>>(Failure is null ? Current() : Failure);
    }

    public Task<Result<AccessToken>> NewerThanAsync(long userId, long refusedVersion, CancellationToken cancellationToken)
    {
        Version = Math.Max(Version, refusedVersion + 1);
        return Task.FromResult<Result<AccessToken>>(RefreshFailure is null ? Current() : RefreshFailure);
    }

    public Task ReportRefusedAsync(long userId, long version, CancellationToken cancellationToken)
    {
        Refused.Add((userId, version));
        return Task.CompletedTask;
    }

    private AccessToken Current() => new(new Secret($"token-marker-{Version}"), Version);
}
