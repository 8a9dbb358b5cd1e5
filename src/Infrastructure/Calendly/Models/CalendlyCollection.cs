using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>A list that Calendly gives whole. Unlike in a page, one item that cannot be read spoils it: half of somebody's
/// hours or busy times would tell a wrong story.</summary>
internal sealed record CalendlyCollection<T>([property: JsonRequired] IReadOnlyList<T> Collection) : IJsonOnDeserialized
{
    void IJsonOnDeserialized.OnDeserialized() => CalendlyJson.RefuseNullItems(Collection);
}
