using System.Globalization;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>How far the change to the first key is. The change itself is the running application's work.</summary>
internal sealed class RotateKeysCommand(KeyUse use, TokenKeys keys) : IOperatorCommand
{
    private const string Status = "--status";

    public string Name => "rotate-keys";

    public string Usage => Status;

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool> { [Status] = false };

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        if (!options.ContainsKey(Status))
        {
            throw new UsageException("rotate-keys needs --status. Keys are changed by the running application, once TOKEN_KEYS begins with a new one.");
        }

        var counts = await use.CountAsync(cancellationToken);
        var ids = keys.Ids.Concat(counts.Select(count => count.KeyId)).Distinct();
        TextTable.Write(output, ["KEY", "SEALED", "PART"], ids.Select(id => (IReadOnlyList<string>)
        [
            id,
            counts.Where(count => count.KeyId == id).Sum(count => count.Envelopes).ToString(CultureInfo.InvariantCulture),
            id == keys.CurrentId ? "seals and opens" : keys.TryFind(id, out _) ? "opens" : "MISSING from TOKEN_KEYS",
        ]));
        return 0;
    }
}
