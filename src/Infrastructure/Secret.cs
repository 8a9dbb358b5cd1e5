using System.Diagnostics;

namespace CalendlySlices.Infrastructure;

/// <summary>
/// A token, code or key that cannot print itself: not in a log, an exception, JSON or the debugger.
/// <see cref="Reveal"/> is the only way to the text, so that a search for it finds every use.
/// </summary>
[DebuggerDisplay("***")]
internal sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    public string Reveal() => _value;

    public override string ToString() => "***";

    public bool Equals(Secret? other) => other is not null && _value == other._value;

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);
}
