using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CalendlySlices.Features.MyBookings;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Tests.Architecture;

namespace CalendlySlices.Tests.Features.MyBookings;

/// <summary>The calendar file, as a parser that is not ours reads it.</summary>
public sealed class CalendarFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Texts => new()
    {
        { "Discovery call", "Zoom" },
        { "Commas, semicolons; and back\\slashes \\n", "214 Harbor Street, Floor 3; New York" },
        { "Two\nlines\r\nand a third", "Tab\there" },
        { string.Concat(Enumerable.Repeat("A very long name, longer than a line may be. ", 12)), new string('x', 300) },
        { string.Concat(Enumerable.Repeat("🏡➡️🌊 é漢字", 20)), "שלום" },
        { "BEGIN:VEVENT", "END:VCALENDAR" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task What_is_written_is_what_another_parser_reads(string name, string place)
    {
        var booking = Booking(name, place);

        var read = await ParsedAsync(CalendarFile.Of(booking, Now, "https://slices.example"));

        Assert.Equal($"{Clean(name)} with Ana Ruiz", read.GetProperty("summary").GetString());
        Assert.Equal(Clean(place), read.GetProperty("location").GetString());
        Assert.Equal("2026-03-10T13:00:00Z", read.GetProperty("start").GetString());
        Assert.Equal("2026-03-10T13:30:00Z", read.GetProperty("end").GetString());
        Assert.Equal("2026-03-02T15:00:00Z", read.GetProperty("stamp").GetString());
        Assert.Equal($"{booking.Nonce}@slices", read.GetProperty("uid").GetString());
        Assert.Equal($"{Clean(place)}\nMove or cancel: https://slices.example/bookings/{booking.Nonce}", read.GetProperty("description").GetString());
        Assert.Equal(1, read.GetProperty("events").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void No_line_is_longer_than_75_octets_or_ends_in_the_middle_of_a_character(string name, string place)
    {
        var file = CalendarFile.Of(Booking(name, place), Now, "https://slices.example");

        Assert.EndsWith("END:VCALENDAR\r\n", file, StringComparison.Ordinal);
        var lines = file.Split("\r\n");
        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        Assert.All(lines, line => Assert.False(line.Length > 0 && (char.IsLowSurrogate(line[0]) || char.IsHighSurrogate(line[^1]))));
    }

    [Fact]
    public void A_moved_or_canceled_booking_takes_the_place_of_the_one_in_the_calendar()
    {
        var booking = Booking("Discovery call", "Zoom");

        var moved = CalendarFile.Of(booking with { MovedFrom = Now }, Now, "https://slices.example");
        var canceled = CalendarFile.Of(booking with { State = BookingState.Canceled }, Now, "https://slices.example");

        Assert.Contains("SEQUENCE:1\r\n", moved, StringComparison.Ordinal);
        Assert.Contains("STATUS:CANCELLED\r\n", canceled, StringComparison.Ordinal);
    }

    // What a text becomes in a calendar: one kind of line end, and no other control characters.
    private static string Clean(string text) => new([.. text.ReplaceLineEndings("\n").Where(letter => letter == '\n' || !char.IsControl(letter))]);

    private static BookingAttempt Booking(string name, string place) => new()
    {
        Nonce = "AAAAAAAAAAAAAAAAAAAAAA",
        UserId = 1,
        CoachId = 2,
        CoachSlug = "ana-ruiz",
        CoachName = "Ana Ruiz",
        CoachZone = "America/New_York",
        EventTypeId = "1",
        EventTypeName = name,
        Minutes = 30,
        State = BookingState.Booked,
        CreatedAt = Now,
        StartsAt = new DateTimeOffset(2026, 3, 10, 13, 0, 0, TimeSpan.Zero),
        Place = place,
    };

    private static async Task<JsonElement> ParsedAsync(string file)
    {
        const string script = """
            import ICAL from 'ical.js';
            let text = '';
            for await (const part of process.stdin.setEncoding('utf8')) text += part;
            const calendar = new ICAL.Component(ICAL.parse(text));
            const events = calendar.getAllSubcomponents('vevent');
            const event = new ICAL.Event(events[0]);
            const utc = time => time.toJSDate().toISOString().replace('.000', '');
            process.stdout.write(JSON.stringify({
              summary: event.summary, location: event.location, description: event.description, uid: event.uid,
              start: utc(event.startDate), end: utc(event.endDate), stamp: utc(events[0].getFirstPropertyValue('dtstamp')), events: events.length,
            }));
            """;
        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "--eval", script])
        {
            WorkingDirectory = Source.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        await node.StandardInput.WriteAsync(file.AsMemory(), Cancel);
        node.StandardInput.Close();
        var answer = await node.StandardOutput.ReadToEndAsync(Cancel);
        await node.WaitForExitAsync(Cancel);
        Assert.Equal(0, node.ExitCode);
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }
}
