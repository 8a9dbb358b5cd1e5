using System.Globalization;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Believes again in what Calendly has wrongly called dead.</summary>
internal sealed class RestoreQuarantinedCommand(Quarantine quarantine) : IOperatorCommand
{
    private const string Since = "--since";

    public string Name => "restore-quarantined";

    public string Usage => "--since 2026-03-02T14:00Z";

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool> { [Since] = true };

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        if (!options.TryGetValue(Since, out var text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since))
        {
            throw new UsageException("--since needs an instant, for example 2026-03-02T14:00Z.");
        }

        output.WriteLine($"{await quarantine.RestoreAsync(since, cancellationToken)} connections are believed good again.");
        return 0;
    }
}
