using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>Writes instants as Calendly does, <c>2026-03-10T13:00:00.000000Z</c>, so that its values keep their spelling.</summary>
internal sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
}
