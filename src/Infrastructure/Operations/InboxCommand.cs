using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>How many deliveries of Calendly's stand in which state; has those worked on again that were given up.</summary>
internal sealed class InboxCommand(WebhookInbox inbox) : IOperatorCommand
{
    private const string Requeue = "--requeue";

    public string Name => "inbox";

    public string Usage => "[--requeue]";

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool> { [Requeue] = false };

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        if (options.ContainsKey(Requeue))
        {
            output.WriteLine($"{await inbox.RequeueAsync(null)} given up before are worked on again.");
        }

        var counts = await inbox.CountAsync(cancellationToken);
        TextTable.Write(output, ["STATE", "DELIVERIES"], DeliveryState.All.Select(state => (IReadOnlyList<string>)[state, $"{counts.GetValueOrDefault(state)}"]));
        return 0;
    }
}
