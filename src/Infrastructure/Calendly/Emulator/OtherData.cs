namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The accounts beside Ana's: a handful of sessions each, at the hours of their own zone.</summary>
internal static class OtherData
{
    private static readonly Booker Kiran = new("Kiran Rao", "kiran@rao.example", "Asia/Kolkata");
    private static readonly Booker Ellen = new("Ellen Moore", "ellen@moore.example", "Europe/London");
    private static readonly Booker Hugo = new("Hugo Martín", "hugo@martin.example", "Europe/Madrid");
    private static readonly Booker Ruth = new("Ruth Baker", "ruth@baker.example", "America/Los_Angeles");
    private static readonly Booker Dev = new("Dev Patel", "dev@patel.example", "Asia/Singapore");

    /// <summary>Mostly groups.</summary>
    public static SessionBook Priya(SessionBook book)
    {
        var circle = Offer(book, WorldAccounts.Priya, "circle", "Coaching circle", 90, "#2f7d6d", 6);
        var clinic = Offer(book, WorldAccounts.Priya, "pricing-clinic", "Pricing clinic", 60, "#b5702a", 20);
        var single = Offer(book, WorldAccounts.Priya, "one-to-one", "One to one", 45, "#3f6fb5", 1);
        Offer(book, WorldAccounts.Priya, "first-hello", "First hello", 30, "#8a4f9e", 1, type => type with { Pooling = "round_robin", CoHosts = [WorldAccounts.Tom, WorldAccounts.Olu] });
        Offer(book, WorldAccounts.Priya, "panel", "Panel of two", 45, "#a8465b", 1, type => type with { Pooling = "collective", CoHosts = [WorldAccounts.Tom] });
        // Active, and nothing to book for as long as anybody looks.
        Offer(book, WorldAccounts.Priya, "hill-retreat", "Hill retreat", 120, "#6b7280", 1, type => type with
        {
            OwnHours = new Dictionary<string, WeeklyHours>(StringComparer.Ordinal) { [WorldAccounts.Priya.Id] = AvailabilityData.Never(WorldAccounts.Priya) },
        });
        book.Add("later-today", circle, book.In(2), Places.Zoom, Kiran, Ellen, Hugo, Dev);
        book.Add("tomorrow", clinic, book.On(1, "10:00"), Places.GoogleMeet, Kiran, Dev);
        book.Add("full", circle, book.On(2, "18:00"), Places.Zoom, Kiran, Ellen, Hugo, Ruth, Dev, new("Asha Iyer", "asha@iyer.example", "Asia/Kolkata"));
        book.Add("single", single, book.On(3, "11:30"), Places.CallYou, Kiran);
        book.Add("next-week", clinic, book.On(8, "10:00"), Places.GoogleInitiated, Ellen, Ruth);
        book.Add("canceled", clinic, book.On(4, "10:00"), Places.GoogleMeet, SessionExtras.CanceledBy("Priya Nair", "Too few of us", byHost: true), Hugo);
        book.Add("past-1", circle, book.On(-2, "18:00"), Places.Zoom, Kiran, Ellen);
        book.Add("past-2", clinic, book.On(-9, "10:00"), Places.GoogleMeet, Dev, Hugo, Ruth);
        return book;
    }

    public static SessionBook Tom(SessionBook book)
    {
        var chat = Offer(book, WorldAccounts.Tom, "chat", "Half-hour chat", 30, "#3f6fb5", 1);
        book.Add("tomorrow", chat, book.On(1, "14:00"), Places.Teams, Ellen);
        book.Add("next-week", chat, book.On(7, "09:30"), Places.Office, Hugo);
        book.Add("past-1", chat, book.On(-1, "16:00"), Places.Teams, Ellen);
        book.Add("past-2", chat, book.On(-8, "11:00"), Places.GoogleMeet, Kiran);
        return book;
    }

    public static SessionBook Mei(SessionBook book)
    {
        var review = Offer(book, WorldAccounts.Mei, "portfolio-review", "Portfolio review", 60, "#8a4f9e", 1, type => type with { StartTimeIncrement = 20 });
        book.Add("tomorrow", review, book.On(1, "08:00"), Places.GoogleMeet, Dev);
        book.Add("this-week", review, book.On(3, "16:00"), Places.Zoom, Ruth);
        book.Add("next-week", review, book.On(9, "10:00"), Places.Office, Kiran);
        book.Add("past-1", review, book.On(-1, "10:00"), Places.GoogleMeet, Dev);
        book.Add("past-2", review, book.On(-6, "15:00"), Places.Zoom, Ellen);
        return book;
    }

    public static SessionBook Olu(SessionBook book)
    {
        var call = Offer(book, WorldAccounts.Olu, "strategy-call", "Strategy call", 45, "#a8465b", 1);
        Offer(book, WorldAccounts.Olu, "quick-question", "Quick question", 15, "#2f7d6d", 1, type => type with { StartTimeIncrement = 15 });
        Offer(book, WorldAccounts.Olu, "march-catch-up", "March catch-up", 25, "#3f6fb5", 1, type => type with { IsOneOff = true });
        book.Add("later-today", call, book.In(3), Places.Zoom, Ruth);
        book.Add("tomorrow", call, book.On(1, "10:00"), Places.Zoom, Hugo);
        book.Add("this-week", call, book.On(2, "15:30"), Places.CallMe, Ellen);
        book.Add("next-week", call, book.On(10, "09:00"), Places.GoogleMeet, Dev);
        book.Add("past-1", call, book.On(-1, "13:00"), Places.Zoom, Ruth);
        book.Add("past-2", call, book.On(-4, "11:00"), Places.Zoom, Kiran);
        return book;
    }

    /// <summary>Few, and none that Ana's other account has.</summary>
    public static SessionBook AnaHome(SessionBook book)
    {
        var tea = Offer(book, WorldAccounts.AnaHome, "tea", "Tea and a talk", 30, "#2f7d6d", 1);
        book.Add("tomorrow", tea, book.On(1, "18:00"), Places.AskInvitee, Ruth);
        book.Add("past-1", tea, book.On(-6, "18:00"), Places.AskInvitee, Ellen);
        return book;
    }

    private static EmulatedEventType Offer(
        SessionBook book, EmulatedAccount owner, string slug, string name, int minutes, string color, int seats, Func<EmulatedEventType, EmulatedEventType>? more = null)
    {
        var type = new EmulatedEventType(owner, slug, name, minutes, color, book.EventTypes.Count)
        {
            Seats = seats,
            Locations = ["""{"kind":"zoom_conference"}""", """{"kind":"google_conference"}"""],
        };
        return book.Offer(more is null ? type : more(type));
    }
}
