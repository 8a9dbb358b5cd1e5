using System.Globalization;
using System.Text.Json;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// The JSON object in the body of an API call, read strictly: what does not fit is noted in <see cref="Problems"/> and read
/// as absent. Fields that nobody reads are ignored, as Calendly does.
/// </summary>
internal sealed class ApiBody
{
    private readonly JsonElement _root;
    private readonly string _prefix;

    private ApiBody(JsonElement root, string prefix, List<ParameterProblem> problems) => (_root, _prefix, Problems) = (root, prefix, problems);

    public List<ParameterProblem> Problems { get; }

    public bool HasProblems => Problems.Count > 0;

    /// <summary>False unless the body says that it is JSON, and is one object of valid text.</summary>
    public static bool TryRead(EmulatorCall call, out ApiBody body)
    {
        body = new ApiBody(default, string.Empty, []);
        if (call.ContentType?.StartsWith(EmulatorAnswer.Json, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(call.Body);
            body = new ApiBody(document.RootElement.Clone(), string.Empty, []);
            return body._root.ValueKind == JsonValueKind.Object && IsValidText(body._root);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static EmulatorAnswer Unreadable() => ApiErrors.Invalid("body", "must be a JSON object");

    public void Refuse(string field, string message) => Problems.Add(new(_prefix + field, message));

    /// <summary>Null when the field is absent or null.</summary>
    public JsonElement? Value(string name) =>
        _root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>True for a field that is there and null, which clears what can be empty.</summary>
    public bool IsNull(string name) => _root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null;

    public void Require(string name)
    {
        if (Value(name) is null)
        {
            Refuse(name, "is required");
        }
    }

    public string? Text(string name)
    {
        if (!TryGet(name, JsonValueKind.String, "must be a text", out var value))
        {
            return null;
        }

        if (value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        Refuse(name, "can't be blank");
        return null;
    }

    public string? OneOf(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        Refuse(name, $"must be one of: {string.Join(", ", words!)}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Value(name) is not { } value)
        {
            RefuseNull(name);
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Refuse(name, "must be true or false");
        return null;
    }

    /// <summary>A whole number within the limits, both included.</summary>
    public int? Whole(string name, int least, int most)
    {
        if (Value(name) is not { } value)
        {
            RefuseNull(name);
            return null;
        }

        if (IsWhole(value, least, most, out var number))
        {
            return number;
        }

        Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));
        return null;
    }

    public static bool IsWhole(JsonElement value, int least, int most, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number >= least && number <= most;
    }

    /// <summary>The id in a full URI of this kind.</summary>
    public string? Id(string name, string kind)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (CalendlyUri.TryGetId(text, kind, out var id))
        {
            return id;
        }

        Refuse(name, $"must be a URI like {CalendlyUri.For(kind, "<id>")}");
        return null;
    }

    /// <summary>An instant in ISO 8601, UTC, ending in Z.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (ApiQuery.TryTime(text, out var instant))
        {
            return instant;
        }

        Refuse(name, ApiQuery.NoTime);
        return null;
    }

    /// <summary>A zone of the IANA database.</summary>
    public DateTimeZone? Zone(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is { } zone)
        {
            return zone;
        }

        Refuse(name, "must be an IANA time zone");
        return null;
    }

    /// <summary>The items of a list, or null when it is absent or no list.</summary>
    public IReadOnlyList<JsonElement>? Items(string name) =>
        TryGet(name, JsonValueKind.Array, "must be a list", out var value) ? [.. value.EnumerateArray()] : null;

    /// <summary>An object inside this one; its problems are noted here, under its name.</summary>
    public ApiBody? Inner(string name) => TryGet(name, JsonValueKind.Object, "must be an object", out var value) ? Inside(name, value) : null;

    /// <summary>The same for an item of a list, for example <c>rules[3]</c>.</summary>
    public ApiBody? Inside(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return new ApiBody(value, $"{_prefix}{name}.", Problems);
        }

        Refuse(name, "must be an object");
        return null;
    }

    private bool TryGet(string name, JsonValueKind kind, string problem, out JsonElement value)
    {
        value = Value(name) ?? default;
        if (value.ValueKind == kind)
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Undefined)
        {
            RefuseNull(name);
        }
        else
        {
            Refuse(name, problem);
        }

        return false;
    }

    private void RefuseNull(string name)
    {
        if (IsNull(name))
        {
            Refuse(name, "can't be null");
        }
    }

    /// <summary>False for names and texts that are not valid UTF-16, such as half of a surrogate pair.</summary>
    private static bool IsValidText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(field => field.Name is not null && IsValidText(field.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsValidText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
