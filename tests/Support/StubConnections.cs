using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Tests.Support;

/// <summary>Everybody's connection is <see cref="Current"/>: at first a good one, of Ana's, with every scope in use.</summary>
internal sealed class StubConnections : IConnections
{
    public const string AnaUri = "https://api.calendly.com/users/ANA";

    private static readonly DateTimeOffset Then = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public Connection? Current { get; set; } = new(
        1,
        ConnectionStatus.Connected,
        null,
        Then,
        AnaUri,
        "https://api.calendly.com/organizations/ORG",
        [.. RequestedScopes.All],
        new CalendlyProfile("Ana Ruiz", "ana@example.com", "America/New_York", "https://calendly.com/ana"),
        Then,
        Then,
        Then.AddYears(1),
        Then.AddYears(1));

    public Task<Connection?> FindAsync(long userId, CancellationToken cancellationToken) => Task.FromResult(Current);
}
