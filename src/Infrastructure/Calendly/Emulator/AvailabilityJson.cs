using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Writes Calendly's JSON of hours, free times and busy times.</summary>
internal static class AvailabilityJson
{
    public static byte[] Schedule(EmulatedSchedule schedule) => EmulatorJson.Write(json => WriteSchedule(json, schedule));

    /// <summary>A list that Calendly does not cut into pages.</summary>
    public static EmulatorAnswer Schedules(IEnumerable<EmulatedSchedule> schedules) => List(schedules, WriteSchedule);

    public static byte[] Hours(EmulatedHours hours) => EmulatorJson.Write(json =>
    {
        json.WriteString("event_type", hours.Type.Uri);
        json.WriteString("availability_setting", "host");
        json.WriteStartObject("availability_rule");
        json.WriteString("timezone", hours.Hours.Zone.Id);
        if (hours.Schedule is { } schedule)
        {
            json.WriteString("uri", schedule.Uri);
        }

        json.WriteString("name", hours.Schedule?.Name);
        json.WriteString("user", hours.Host.Uri);
        WriteRules(json, hours.Hours);
        json.WriteEndObject();
    });

    public static EmulatorAnswer AvailableTimes(EmulatedEventType type, DateTimeZone zone, IEnumerable<OpenSlot> slots) => List(slots, (json, slot) =>
    {
        var start = Second(slot.Start);
        var date = LocalDatePattern.Iso.Format(slot.Start.InZone(zone).Date);
        json.WriteString("status"u8, "available"u8);
        json.WriteNumber("invitees_remaining"u8, slot.Seats);
        json.WriteString("start_time"u8, start);
        json.WriteString("scheduling_url"u8, $"{type.SchedulingUrl}/{start}?month={date.AsSpan(0, 7)}&date={date}");
    });

    public static EmulatorAnswer BusyTimes(IEnumerable<EmulatedBusyTime> times) => List(times, (json, time) =>
    {
        json.WriteString("type", time.Type);
        json.WriteString("start_time", Second(time.Start));
        json.WriteString("end_time", Second(time.End));
        if (time.Event is not { } booked)
        {
            return;
        }

        if (time.Buffered is { } buffered)
        {
            json.WriteString("buffered_start_time", Second(buffered.Start));
            json.WriteString("buffered_end_time", Second(buffered.End));
        }

        json.WriteStartObject("event");
        json.WriteString("uri", booked.Uri);
        json.WriteEndObject();
    });

    private static EmulatorAnswer List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => new(StatusCodes.Status200OK, EmulatorJson.Write(json =>
    {
        json.WriteStartArray("collection"u8);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    private static void WriteSchedule(Utf8JsonWriter json, EmulatedSchedule schedule)
    {
        json.WriteString("uri", schedule.Uri);
        json.WriteBoolean("default", schedule.IsDefault);
        json.WriteString("name", schedule.Name);
        json.WriteString("user", schedule.Owner.Uri);
        json.WriteString("timezone", schedule.Hours.Zone.Id);
        WriteRules(json, schedule.Hours);
    }

    private static void WriteRules(Utf8JsonWriter json, WeeklyHours hours)
    {
        json.WriteStartArray("rules");
        foreach (var (name, day) in AvailabilityRules.Weekdays)
        {
            WriteRule(json, "wday", name, hours.Week.GetValueOrDefault(day) ?? []);
        }

        foreach (var (date, ofDate) in hours.Dates.OrderBy(rule => rule.Key))
        {
            WriteRule(json, "date", LocalDatePattern.Iso.Format(date), ofDate);
        }

        json.WriteEndArray();
    }

    private static void WriteRule(Utf8JsonWriter json, string type, string day, IReadOnlyList<DayHours> hours)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString(type, day);
        json.WriteStartArray("intervals");
        foreach (var (from, to) in hours)
        {
            json.WriteStartObject();
            json.WriteString("from", TimeOfDay(from));
            json.WriteString("to", TimeOfDay(to));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string TimeOfDay(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    // Free and busy times come without fractions of a second, unlike events.
    private static string Second(Instant instant) => InstantPattern.General.Format(instant);
}
