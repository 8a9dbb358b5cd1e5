using System.Text;
using System.Text.RegularExpressions;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The last calls, oldest first. Not thread-safe: the emulator's lock guards it.</summary>
internal sealed partial class EmulatorJournal
{
    public const int Capacity = 2_000;
    private const int LongestBody = 2_000;

    private readonly Queue<JournalEntry> _entries = new();
    private long _sequence;

    public IReadOnlyList<JournalEntry> Entries => [.. _entries];

    public void Clear() => _entries.Clear();

    /// <summary>Empty, and counting from 1 again.</summary>
    public void Reset()
    {
        Clear();
        _sequence = 0;
    }

    public void Add(DateTimeOffset at, EmulatorCall call, int status, FaultKind? fault) =>
        Add(at, call.Method, call.Path, call.Query, call.Body, status, fault);

    public void Add(DateTimeOffset at, string method, string path, string query, ReadOnlyMemory<byte> body, int status, FaultKind? fault)
    {
        if (_entries.Count == Capacity)
        {
            _entries.Dequeue();
        }

        _entries.Enqueue(new JournalEntry(++_sequence, at, method, path, Redact(query), body.IsEmpty ? string.Empty : Redact(Text(body)), status, fault));
    }

    private static string Text(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Span);
        return text.Length <= LongestBody ? text : text[..LongestBody];
    }

    private static string Redact(string text) =>
        text.Length == 0 ? text : Token().Replace(SecretField().Replace(SigningKey().Replace(text, "$1***"), "$1***"), "***");

    // To the end of the JSON text, whatever is in it, or of what was kept of it.
    [GeneratedRegex("""("signing_key"\s*:\s*")(?:[^"\\]|\\.?)*""", RegexOptions.CultureInvariant)]
    private static partial Regex SigningKey();

    // Form fields and query parameters, and the same names as JSON properties.
    [GeneratedRegex("""((?:^|[&{,"\s])(?:code|state|code_verifier|client_secret|refresh_token|access_token|token)(?:=|"\s*:\s*"))[^&"]*""", RegexOptions.CultureInvariant)]
    private static partial Regex SecretField();

    [GeneratedRegex("mock_(?:at|rt|code)_[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
