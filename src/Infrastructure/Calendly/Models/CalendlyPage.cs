using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>One page of a list. Calendly tells no total; whether more exists is all there is to know.</summary>
internal sealed record CalendlyPage<T>(
    [property: JsonRequired] IReadOnlyList<T> Collection,
    [property: JsonRequired] Pagination Pagination) : IJsonOnDeserialized
{
    /// <summary>How many rows were left out because they could not be read.</summary>
    [JsonIgnore]
    public int Skipped { get; init; }

    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Collection);
}

/// <summary>Where a page stands. Calendly's <c>next_page</c> and <c>previous_page</c> addresses are left out on purpose:
/// nothing here ever fetches an address that came in an answer.</summary>
/// <param name="Count">Rows in this page, 0 to 100.</param>
internal sealed record Pagination(
    [property: JsonRequired] int Count,
    string? NextPageToken,
    string? PreviousPageToken);

internal sealed record CalendlyResource<T>([property: JsonRequired] T Resource) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems([Resource]);
}
