using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure;

/// <summary>
/// Either a value or the <see cref="Failure"/> that Calendly or the user caused. Anything else throws.
/// </summary>
internal sealed record Result<T>
    where T : notnull
{
    private readonly T? _value;
    private readonly Failure? _failure;

    private Result(T? value, Failure? failure)
    {
        _value = value;
        _failure = failure;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);

    /// <summary>True with the value, or false with the failure; exactly one of the two is not null.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        value = _value;
        failure = _failure;
        return failure is null;
    }

    public Result<TOther> Map<TOther>(Func<T, TOther> map)
        where TOther : notnull => Succeeded(out var value, out var failure) ? map(value) : failure;
}
