using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The fields of a form body or of a query.</summary>
internal sealed class FormFields(Dictionary<string, StringValues> values)
{
    public static FormFields OfQuery(string query) => new(QueryHelpers.ParseQuery(query));

    /// <summary>Null when the body is not a form.</summary>
    public static FormFields? OfBody(EmulatorCall call) =>
        call.ContentType is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? new(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body.Span)))
            : null;

    /// <summary>Null when the field is missing, empty or given twice.</summary>
    public string? One(string name) =>
        values.TryGetValue(name, out var found) && found.Count == 1 && found[0] is { Length: > 0 } text ? text : null;

    public IReadOnlyList<string> All(string name) =>
        values.TryGetValue(name, out var found) ? [.. found.Where(text => !string.IsNullOrEmpty(text)).Select(text => text!)] : [];
}
