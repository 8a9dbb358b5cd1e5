using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// The query of an API call, read strictly: what does not fit is noted in <see cref="Problems"/> and read as absent, so
/// that one answer names everything that is wrong. Parameters that nobody reads are ignored, as Calendly does.
/// </summary>
internal sealed class ApiQuery
{
    public const string NoTime = "must be a date and time in UTC, for example 2026-03-02T15:00:00Z";

    private static readonly string[] TimeForms =
    [
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.f'Z'", "yyyy-MM-dd'T'HH:mm:ss.ff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.ffff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffff'Z'", "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
    ];

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private List<ParameterProblem>? _problems;

    public ApiQuery(string query)
    {
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var name = pair.DecodeName().ToString();
            if (!_values.TryAdd(name, pair.DecodeValue().ToString()))
            {
                Refuse(name, "is given twice");
            }
        }
    }

    public IReadOnlyList<ParameterProblem> Problems => _problems ?? (IReadOnlyList<ParameterProblem>)[];

    public bool HasProblems => _problems is not null;

    public void Refuse(string parameter, string message) => (_problems ??= []).Add(new(parameter, message));

    /// <summary>Refuses each that is absent; one that is there and wrong is refused where it is read.</summary>
    public void Require(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!_values.ContainsKey(name))
            {
                Refuse(name, "is required");
            }
        }
    }

    public string? Text(string name)
    {
        if (!_values.TryGetValue(name, out var text))
        {
            return null;
        }

        if (text.Length == 0)
        {
            Refuse(name, "can't be blank");
            return null;
        }

        return text;
    }

    public static bool TryTime(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    /// <summary>Rows a page: 1 to 100, and 20 when nothing is said.</summary>
    public int Count()
    {
        if (Text("count") is not { } text)
        {
            return 20;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 100)
        {
            return count;
        }

        Refuse("count", "must be a number from 1 to 100");
        return 20;
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

    public bool? Flag(string name) => OneOf(name, "true", "false") switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    /// <summary>An instant in ISO 8601, UTC, ending in Z.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (TryTime(text, out var instant))
        {
            return instant;
        }

        Refuse(name, NoTime);
        return null;
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

    /// <summary>The fields of <c>field:direction,…</c>, or null when the parameter is absent or wrong.</summary>
    public IReadOnlyList<(string Field, bool Descending)>? Sort(params ReadOnlySpan<string> fields)
    {
        if (Text("sort") is not { } text)
        {
            return null;
        }

        var sorts = new List<(string, bool)>();
        foreach (var part in text.Split(','))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? part : part[..colon];
            var direction = colon < 0 ? "" : part[(colon + 1)..];
            if (!fields.Contains(field) || direction is not ("asc" or "desc"))
            {
                Refuse("sort", $"must be one of {string.Join(", ", fields!)}, each with :asc or :desc");
                return null;
            }

            sorts.Add((field, direction == "desc"));
        }

        return sorts;
    }

    /// <summary>Every parameter but the page token, in a fixed order: what a page token is bound to.</summary>
    public string Canonical(int count)
    {
        _values["count"] = count.ToString(CultureInfo.InvariantCulture);
        return Join(null);
    }

    /// <summary>The same with a page token among them, as a query string.</summary>
    public string With(string pageToken) => Join(pageToken);

    private string Join(string? pageToken)
    {
        _values.Remove("page_token");
        if (pageToken is not null)
        {
            _values["page_token"] = pageToken;
        }

        var text = new StringBuilder(256);
        foreach (var (name, value) in _values)
        {
            text.Append(text.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }
}
