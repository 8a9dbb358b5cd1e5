namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// Ana's account: 6 event types, a deleted one, and 41 sessions, of which 12 are active and not over (one of them in
/// progress), 26 are over, and 3 are canceled. The first word of each is its key, from which <see cref="EmulatedIds.Session"/> makes its id.
/// </summary>
internal static class AnaData
{
    /// <summary>300 characters.</summary>
    private static readonly string LongName =
        string.Join(' ', Enumerable.Repeat("A very long session name that somebody pasted from a meeting agenda,", 5))[..299] + "!";

    private static readonly Booker Maya = new("Maya Lindqvist", "maya@lindqvist.example", "Europe/Stockholm");
    private static readonly Booker Jonas = new("Jonas Weber", "jonas.weber@weber.example", "Europe/Berlin");
    private static readonly Booker Rita = new("Rita Alvarez", "rita@slices-realty.example", "America/Phoenix");
    private static readonly Booker Arjun = new("Arjun Mehta", "arjun@mehta.example", "Asia/Kolkata");
    private static readonly Booker Grace = new("Grace O'Neill", "grace@oneill.example", "Europe/Dublin");
    private static readonly Booker Sam = new("Sam Carter", "sam@carter.example", "America/New_York");
    private static readonly Booker Lena = new("Lena Kovács", "lena@kovacs.example", "Europe/Budapest");
    private static readonly Booker Noah = new("Noah Kim", "noah@kim.example", "America/Chicago");
    private static readonly Booker Ines = new("Inês Duarte", "ines@duarte.example", "Europe/Lisbon");
    private static readonly Booker Tariq = new("Tariq Haddad", "tariq@haddad.example", null);

    public static SessionBook Fill(SessionBook book)
    {
        const string goal = "What would make this hour worth it?";
        var goals = new EmulatedQuestion(goal, "text", Required: true, []);
        var discovery = book.Offer(new(WorldAccounts.Ana, "discovery-call", "Discovery call", 30, "#2f7d6d", 0)
        {
            Description = "A first talk, no strings attached.",
            Locations = ["""{"kind":"google_conference"}""", """{"kind":"zoom_conference"}"""],
            Questions = [new("What brings you here?", "string", Required: true, [])],
            MinuteOptions = [30, 45],
            StartTimeIncrement = 15,
            AfterBuffer = 15,
        });
        var strategy = book.Offer(new(WorldAccounts.Ana, "listing-strategy", "Listing strategy", 45, "#3f6fb5", 1)
        {
            Description = "Price, pictures & timing of one listing.",
            Locations = ["""{"kind":"zoom_conference"}""", """{"kind":"outbound_call"}""", """{"kind":"inbound_call","phone_number":"+1 646 555 0148","additional_info":"Press 2 for coaching."}"""],
            Questions = [goals, new("Which of these apply?", "multi_select", Required: false, ["First sale", "Out of state", "Inherited"])],
            BeforeBuffer = 10,
            AfterBuffer = 10,
            Notice = 4 * 60,
        });
        var deep = book.Offer(new(WorldAccounts.Ana, "deep-dive", "Deep-dive coaching", 60, "#b5702a", 2)
        {
            Locations = ["""{"kind":"microsoft_teams_conference"}""", """{"kind":"webex_conference"}""", """{"kind":"gotomeeting_conference"}"""],
            Questions = [goals, new("Phone, in case the line drops", "phone_number", Required: false, [])],
            InternalNote = "Send the worksheet the day before.",
            PerDay = 1,
        });
        var workshop = book.Offer(new(WorldAccounts.Ana, "open-house-workshop", "Open-house workshop", 60, "#8a4f9e", 3)
        {
            Description = "Twelve seats. Bring a listing.",
            Seats = 12,
            Locations = ["""{"kind":"zoom_conference"}"""],
        });
        var visit = book.Offer(new(WorldAccounts.Ana, "private-visit", "Private visit", 90, "#a8465b", 4)
        {
            Secret = true,
            ScheduleId = EmulatedIds.Schedule(WorldAccounts.Ana.Key, AvailabilityData.Evenings),
            Locations = ["""{"kind":"physical","location":"214 Harbor Street, Floor 3, New York","additional_info":"Ring the second bell."}""", """{"kind":"ask_invitee","location":""}""", """{"kind":"custom","location":"We will agree by message"}"""],
            Questions = [new("Is there a step at the door?", "single_select", Required: true, ["Yes", "No"])],
        });
        var retired = book.Offer(new(WorldAccounts.Ana, "winter-reset", "Winter reset", 45, "#6b7280", 5) { Active = false });
        book.Offer(new(WorldAccounts.Ana, "postcard-review", "Postcard review", 20, "#6b7280", 6) { DeletedAt = book.On(-60, "12:00") });

        AddComing(book, discovery, strategy, deep, workshop, visit, goal);
        AddCanceled(book, discovery, strategy, deep);
        AddPast(book, discovery, strategy, deep, workshop, visit, retired);
        return book;
    }

    /// <summary>12: in progress or ahead, and active.</summary>
    private static void AddComing(
        SessionBook book, EmulatedEventType discovery, EmulatedEventType strategy, EmulatedEventType deep, EmulatedEventType workshop, EmulatedEventType visit, string goal)
    {
        // Began a quarter of an hour before the world and goes on for half an hour.
        book.Add("in-progress", strategy, book.In(-0.25), Places.GoogleMeet, Maya.Said(goal, "Moving my mother's house."));
        book.Add("later-today", strategy, book.In(1.5), Places.Zoom, Rita.Said(goal, "A price I can defend.") with { HasTwoNames = true });
        book.Add("group", workshop, book.In(4), Places.Zoom, Seats(8));
        book.Add("night-for-the-invitee", strategy, book.In(6.5), Places.CallYou, Arjun with { TextReminderNumber = "+919855550173" });
        book.Add("tomorrow-nine", discovery, book.On(1, "09:00"), Places.GoogleMeet, Jonas.Said("What brings you here?", "Two flats in Berlin.") with { Campaign = "spring" });
        book.Add(
            "guests",
            visit,
            book.On(1, "13:00"),
            Places.Office,
            new SessionExtras { Guests = ["partner@oneill.example", "lawyer@oneill.example"], Notes = "Bring the floor plans & the <old> deed." },
            Grace.Said("Is there a step at the door?", "No"));
        book.Add("long-name", deep, book.On(2, "10:00"), Places.GoogleInitiated, new SessionExtras { Name = LongName }, Rita);
        book.Add(
            "markup",
            strategy,
            book.On(3, "15:00"),
            Places.ZoomScript,
            new SessionExtras { Name = "Listing strategy <script>alert(1)</script> & co" },
            new Booker("<img src=x onerror=alert(1)>", "markup@hostile.example", "America/New_York")
                .Said(goal, "<img src=x onerror=alert(1)>").Said("\"><b>Which of these apply?</b>", "=HYPERLINK(\"https://hostile.example\")"));
        book.Add("right-to-left", deep, book.On(4, "11:00"), Places.WebexPlainHttp, new Booker("יעל כהן", "yael@cohen.example", "Asia/Jerusalem").Said(goal, "שלום, יש לי שאלה"));
        book.Add("moved-to", deep, book.On(7, "09:30"), Places.AskInvitee, Lena with { MovedFrom = "moved-from" });
        book.Add(
            "emoji",
            discovery,
            book.On(8, "12:00"),
            Places.Hologram,
            new SessionExtras { CoHosts = [WorldAccounts.Mei] },
            new Booker("Zoë 🦜 Parrot", "zoe@parrot.example", "America/Denver").Said("What brings you here?", "🏡➡️🌊"));
        book.Add("next-month", workshop, book.On(28, "16:00"), null, [Rita, .. Seats(3)]);
    }

    /// <summary>3: by the host, by the invitee while still ahead, and the old half of a move.</summary>
    private static void AddCanceled(SessionBook book, EmulatedEventType discovery, EmulatedEventType strategy, EmulatedEventType deep)
    {
        book.Add("canceled-by-host", strategy, book.On(-5, "14:00"), Places.Zoom, SessionExtras.CanceledBy("Ana Ruiz", "Flight delayed", byHost: true), Noah);
        book.Add("canceled-ahead", discovery, book.On(1, "16:00"), Places.GoogleMeet, SessionExtras.CanceledBy("Sam Carter", "My daughter is ill, sorry!", byHost: false), Sam);
        book.Add("moved-from", deep, book.On(-3, "09:30"), Places.Teams, SessionExtras.CanceledBy("Lena Kovács", null, byHost: false), Lena with { MovedTo = "moved-to" });
    }

    /// <summary>26: over, and active.</summary>
    private static void AddPast(
        SessionBook book, EmulatedEventType discovery, EmulatedEventType strategy, EmulatedEventType deep, EmulatedEventType workshop, EmulatedEventType visit, EmulatedEventType retired)
    {
        book.Add("earlier-today", discovery, book.In(-2), Places.GoToMeeting, Ines);
        book.Add("past-01", deep, book.On(-3, "11:00"), Places.Teams, Tariq);
        book.Add("no-show", discovery, book.On(-3, "15:00"), Places.GoogleMeet, Noah with { NoShow = true });
        book.Add("past-02", strategy, book.On(-4, "10:00"), Places.Webex, Grace);
        book.Add("past-03", visit, book.On(-4, "13:30"), Places.Custom, Sam);
        book.Add("past-group", workshop, book.On(-5, "16:00"), Places.Zoom, Seats(12));
        book.Add("past-04", deep, book.On(-6, "09:00"), Places.CallMe, Maya);
        book.Add("past-05", discovery, book.On(-6, "11:30"), Places.GoogleFailed, Jonas);
        book.Add("past-06", strategy, book.On(-7, "14:00"), Places.CallYouWithoutNumber, Arjun);
        book.Add("past-paid", visit, book.On(-10, "10:00"), Places.CustomEmpty, Lena with
        {
            Payment = """{"external_id":"ch_example_1","provider":"stripe","amount":"120.00","currency":"USD","terms":"Refundable until the day before","successful":true}""",
        });
        book.Add("past-07", discovery, book.On(-10, "15:30"), Places.ZoomProcessing, Tariq);
        book.Add("past-08", strategy, book.On(-11, "09:30"), Places.TeamsWithoutAudio, Ines);
        book.Add("past-09", deep, book.On(-12, "11:00"), Places.Office, Noah);
        book.Add("past-10", discovery, book.On(-13, "13:00"), Places.GoogleMeet, Grace);
        book.Add("past-11", strategy, book.On(-14, "10:30"), Places.Zoom, Sam);
        book.Add("past-12", discovery, book.On(-14, "16:00"), Places.AskInvitee, Maya);
        book.Add("past-13", deep, book.On(-17, "09:00"), Places.Teams, Jonas);
        book.Add("past-14", strategy, book.On(-18, "14:30"), Places.Webex, Arjun);
        book.Add("past-15", discovery, book.On(-19, "11:00"), Places.GoogleMeet, Lena);
        book.Add("past-16", deep, book.On(-20, "15:00"), Places.GoToMeeting, Tariq);
        book.Add("past-17", strategy, book.On(-24, "10:00"), Places.Zoom, Ines);
        book.Add("past-18", retired, book.On(-25, "12:00"), Places.Office, Noah);
        book.Add("past-19", retired, book.On(-31, "12:00"), Places.Office, Grace);
        book.Add("past-20", discovery, book.On(-45, "09:00"), Places.GoogleMeet, Sam);
        book.Add("past-21", deep, book.On(-90, "16:30"), Places.CallMe, Maya);
        book.Add("past-22", discovery, book.On(-200, "10:00"), Places.GoogleForgotten, Jonas);
    }

    private static Booker[] Seats(int count) =>
        [.. new[] { Maya, Jonas, Arjun, Grace, Sam, Lena, Noah, Ines, Tariq, new("Óscar Peña", "oscar@pena.example", "Europe/Madrid"), new("李小龙", "li@xiaolong.example", "Asia/Shanghai"), new("Fatima Al-Sayed", "fatima@alsayed.example", "Asia/Dubai") }.Take(count)];
}
