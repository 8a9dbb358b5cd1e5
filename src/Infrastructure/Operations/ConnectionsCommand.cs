using System.Globalization;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>How many connections there are, in which state, why, and under which key.</summary>
internal sealed class ConnectionsCommand(ConnectionCensus census, Revocations revocations, MassGuard guard) : IOperatorCommand
{
    public string Name => "connections";

    public string Usage => string.Empty;

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool>();

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        var counts = await census.CountAsync(cancellationToken);
        TextTable.Write(output, ["STATE", "REASON", "KEY", "CONNECTIONS"], counts.Select(count => (IReadOnlyList<string>)
            [count.Status, count.Reason ?? "-", count.KeyId.Length > 0 ? count.KeyId : "-", count.Connections.ToString(CultureInfo.InvariantCulture)]));
        output.WriteLine($"{await revocations.CountAsync(null, cancellationToken)} pairs wait for Calendly to end them.");
        if (await guard.IsTrippedAsync())
        {
            output.WriteLine("auth_incident: Calendly calls more connections dead than is believable. No state is changed.");
        }

        return 0;
    }
}
