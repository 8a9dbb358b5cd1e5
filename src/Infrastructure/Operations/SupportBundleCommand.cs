using System.Reflection;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>What may be sent to somebody who helps: counts and names of settings, nothing about a person and no value.</summary>
internal sealed class SupportBundleCommand(
    ConnectionCensus census, Revocations revocations, KeyUse use, TokenKeys keys, MassGuard guard, CalendlyMode mode, Dialect dialect, IConfiguration configuration, TimeProvider clock)
    : IOperatorCommand
{
    // Only these are looked for, so that nothing else in the environment is ever named.
    private static readonly string[] Settings =
    [
        "ALLOW_MOCK_IN_PRODUCTION", "AUTH_PROVIDER", "CALENDLY_ALLOWED_HOSTS", "CALENDLY_API_BASE_URL", "CALENDLY_AUTH_BASE_URL", "CALENDLY_CLIENT_ID",
        "CALENDLY_CLIENT_SECRET", "CALENDLY_WEBHOOK_SIGNING_KEY", "DATA_DIR", "MOCK_NOW", "PUBLIC_BASE_URL", "SUPABASE_DB_URL", "TOKEN_KEYS", "TOKEN_KEYS_FILE",
        "USE_REAL_CALENDLY",
    ];

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public string Name => "support-bundle";

    public string Usage => string.Empty;

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool>();

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        var connections = await census.CountAsync(cancellationToken);
        var sealedBy = await use.CountAsync(cancellationToken);
        output.WriteLine(JsonSerializer.Serialize(
            new
            {
                at = clock.GetUtcNow(),
                version = typeof(SupportBundleCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                mode = mode.Name,
                engine = dialect is SqliteDialect ? "sqlite" : "postgresql",
                authIncident = await guard.IsTrippedAsync(),
                connections = connections.GroupBy(count => (count.Status, count.Reason))
                    .Select(group => new { group.Key.Status, group.Key.Reason, connections = group.Sum(count => count.Connections) }),
                eventsOfTheLastDay = await census.CountEventsAsync(cancellationToken),
                pendingRevocations = await revocations.CountAsync(null, cancellationToken),
                keys = sealedBy.Select(count => new { id = count.KeyId, inTable = count.Place, rows = count.Envelopes }),
                currentKey = keys.CurrentId,
                settings = Settings.Where(name => !string.IsNullOrWhiteSpace(configuration[name])),
            },
            Readable));
        return 0;
    }
}
