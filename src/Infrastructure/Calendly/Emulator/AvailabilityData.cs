using System.Globalization;
using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// When each account can be booked, and what keeps it busy, at offsets from the world's first day. Each has a default
/// schedule with a break at noon and dates with other hours; the coming weeks hold a day that is full and a day with little
/// left. Hours past midnight are the rules of two days, as Calendly has them.
/// </summary>
internal static class AvailabilityData
{
    public const string Evenings = "evenings";

    public static SessionBook Ana(SessionBook book) => book
        .Schedule(
            EmulatedSchedule.WorkingHours,
            "Working hours",
            Hours(WorldAccounts.Ana, "09:00-12:30 13:30-17:30", "10:00-15:00", null, (book.Date(11), ""), (book.Date(16), "12:00-16:00"), (book.Date(38), "")))
        .Schedule(
            Evenings,
            "Evenings",
            new WeeklyHours(
                WorldAccounts.Ana.Zone,
                new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>>
                {
                    [IsoDayOfWeek.Monday] = Day("18:00-24:00"),
                    [IsoDayOfWeek.Wednesday] = Day("18:00-21:00 21:30-24:00"),
                    [IsoDayOfWeek.Friday] = Day("20:00-24:00"),
                    [IsoDayOfWeek.Saturday] = Day("00:00-02:00"),
                },
                new Dictionary<LocalDate, IReadOnlyList<DayHours>> { [book.Date(14)] = [] }))
        .Block(1, "10:00", "11:00")
        .Block(1, "14:45", "15:30")
        .Block(2, "13:30", "15:00")
        // Little is left of this day.
        .Block(3, "09:00", "12:00")
        .Block(3, "13:30", "14:30")
        .Block(3, "16:15", "17:00")
        .Block(4, "14:00", "16:00", BusyKind.Reserved)
        .Block(7, "15:00", "16:00")
        // Nothing is left of this one.
        .Block(9, "08:30", "18:00")
        .Block(10, "09:00", "10:15")
        .Block(10, "15:30", "16:30", BusyKind.Reserved)
        .Block(15, "10:00", "12:00")
        .Block(17, "13:30", "17:30")
        .Block(22, "09:00", "11:30")
        .Block(24, "11:00", "12:00")
        .Block(30, "09:00", "17:30")
        .Block(44, "14:00", "15:30");

    public static SessionBook Priya(SessionBook book) => book
        .Schedule(EmulatedSchedule.WorkingHours, "Working hours", Hours(WorldAccounts.Priya, "10:00-13:00 14:00-19:00", null, "10:00-12:00", (book.Date(5), ""), (book.Date(20), "15:00-19:00")))
        .Block(1, "14:00", "15:30")
        .Block(3, "10:00", "19:00")
        .Block(8, "16:00", "18:30")
        .Block(9, "10:00", "11:00", BusyKind.Reserved)
        .Block(15, "14:00", "19:00")
        .Block(23, "10:00", "13:00");

    public static SessionBook Tom(SessionBook book) => book
        .Schedule(EmulatedSchedule.WorkingHours, "Working hours", Hours(WorldAccounts.Tom, "09:30-12:30 13:15-17:30", "09:30-13:00", null, (book.Date(4), "13:00-16:00"), (book.Date(32), "")))
        .Block(1, "09:30", "11:00")
        .Block(2, "09:00", "18:00")
        .Block(7, "13:15", "14:15")
        .Block(10, "09:30", "12:30", BusyKind.Reserved)
        .Block(16, "10:00", "15:00");

    public static SessionBook Mei(SessionBook book) => book
        .Schedule(EmulatedSchedule.WorkingHours, "Working hours", Hours(WorldAccounts.Mei, "08:00-11:40 13:00-16:40", "08:00-11:40", null, (book.Date(6), ""), (book.Date(34), "09:00-11:00")))
        .Block(1, "13:00", "14:20")
        .Block(2, "08:00", "16:40")
        .Block(4, "09:00", "11:40", BusyKind.Reserved)
        .Block(8, "13:00", "16:00")
        .Block(13, "08:00", "10:00");

    public static SessionBook Olu(SessionBook book) => book
        .Schedule(EmulatedSchedule.WorkingHours, "Working hours", Hours(WorldAccounts.Olu, "08:30-12:00 13:00-16:30", "08:30-12:00", "10:00-11:00", (book.Date(3), ""), (book.Date(21), "09:00-10:30 15:00-17:00")))
        .Block(1, "08:30", "09:45")
        .Block(2, "13:00", "14:00")
        .Block(8, "08:00", "17:00")
        .Block(9, "10:00", "12:00", BusyKind.Reserved)
        .Block(17, "13:00", "16:30");

    public static SessionBook AnaHome(SessionBook book) => book
        .Schedule(EmulatedSchedule.WorkingHours, "Working hours", Hours(WorldAccounts.AnaHome, "17:00-18:30 19:00-21:00", null, "10:00-13:00", (book.Date(12), "")))
        .Block(2, "17:00", "21:00")
        .Block(8, "19:00", "20:00");

    /// <summary>Nothing on any day: active, and never open.</summary>
    public static WeeklyHours Never(EmulatedAccount account) =>
        new(account.Zone, new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>>(), new Dictionary<LocalDate, IReadOnlyList<DayHours>>());

    /// <summary>Monday to Thursday alike, then the other days.</summary>
    private static WeeklyHours Hours(EmulatedAccount account, string weekday, string? friday, string? saturday, params (LocalDate Date, string Hours)[] dates)
    {
        var week = new Dictionary<IsoDayOfWeek, IReadOnlyList<DayHours>> { [IsoDayOfWeek.Friday] = Day(friday ?? weekday), [IsoDayOfWeek.Saturday] = Day(saturday ?? "") };
        foreach (var day in (IsoDayOfWeek[])[IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday])
        {
            week[day] = Day(weekday);
        }

        return new WeeklyHours(account.Zone, week, dates.ToDictionary(date => date.Date, date => Day(date.Hours)));
    }

    /// <param name="hours">For example <c>09:00-12:30 13:30-24:00</c>; nothing closes the day.</param>
    private static IReadOnlyList<DayHours> Day(string hours) =>
        [.. hours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(stretch => new DayHours(Minute(stretch[..5]), Minute(stretch[6..])))];

    private static int Minute(string time) =>
        (int.Parse(time.AsSpan(0, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(time.AsSpan(3, 2), CultureInfo.InvariantCulture);
}
