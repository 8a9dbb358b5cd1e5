namespace CalendlySlices.Infrastructure.Web;

internal enum ApiParameterKind
{
    /// <summary>A whole number.</summary>
    Number,

    Text,

    /// <summary>One of some words.</summary>
    Word,

    /// <summary>An instant with its offset, or a date with or without a time in the reader's zone.</summary>
    Time,

    Uri,
}

/// <summary>One parameter of a JSON route's query; see <see cref="ApiDescription"/>.</summary>
/// <param name="Name">As in the address.</param>
internal sealed record ApiParameter(string Name, ApiParameterKind Kind, string Description)
{
    public bool IsRequired { get; init; }

    /// <summary>For <see cref="ApiParameterKind.Number"/>.</summary>
    public int? Min { get; init; }

    /// <summary>For <see cref="ApiParameterKind.Number"/>.</summary>
    public int? Max { get; init; }

    /// <summary>Characters.</summary>
    public int? MaxLength { get; init; }

    /// <summary>For <see cref="ApiParameterKind.Word"/>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What holds when the parameter is left out; null when nothing does.</summary>
    public string? Default { get; init; }

    /// <summary>Goes into the example request when it is set.</summary>
    public string? Example { get; init; }

    public static ApiParameter Number(string name, string description, int min, int max, int? defaultsTo = null) =>
        new(name, ApiParameterKind.Number, description) { Min = min, Max = max, Default = defaultsTo is { } value ? $"{value}" : null };

    public static ApiParameter OneOf(string name, string description, params string[] words) =>
        new(name, ApiParameterKind.Word, description) { Words = words };

    public static ApiParameter Time(string name, string description) => new(name, ApiParameterKind.Time, description);

    public static ApiParameter Uri(string name, string description) => new(name, ApiParameterKind.Uri, description);

    public static ApiParameter Text(string name, string description, int maxLength) =>
        new(name, ApiParameterKind.Text, description) { MaxLength = maxLength };
}
