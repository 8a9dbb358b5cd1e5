using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Who has a Calendly account. All share one organization but <c>ana-home</c>, Ana's private account.</summary>
internal static class WorldAccounts
{
    private const string Organization = "ORGSLICES7K2M9QX";
    private const string PrivateOrganization = "ORGANAHOME4T8WZB";

    public static readonly EmulatedAccount Ana =
        new("ana", "USRANARUIZ4T7WQ2", "Ana Ruiz", "ana@slices-coaching.example", Zone("America/New_York"), Organization);

    /// <summary>Owns the organization; her user id has the newer form.</summary>
    public static readonly EmulatedAccount Priya =
        new("priya", "6a1d9c52-0b7e-4f3a-9d14-5e8c2b7f6a01", "Priya Nair", "priya@slices-coaching.example", Zone("Asia/Kolkata"), Organization)
        {
            IsOwner = true,
            TimeNotation = "24h",
        };

    public static readonly EmulatedAccount Tom =
        new("tom", "USRTOMWELLS9M2XB", "Tom Wells", "tom@slices-coaching.example", Zone("Europe/London"), Organization) { TimeNotation = "24h" };

    public static readonly EmulatedAccount Mei =
        new("mei", "USRMEITANAKA6LQ3", "Mei Tanaka", "mei@slices-coaching.example", Zone("Australia/Sydney"), Organization);

    public static readonly EmulatedAccount Olu =
        new("olu", "USROLUADEYEMI5C1", "Olu Adeyemi", "olu@slices-coaching.example", Zone("America/Los_Angeles"), Organization);

    public static readonly EmulatedAccount AnaHome =
        new("ana-home", "USRANAHOME8VZ5HD", "Ana Ruiz (home)", "ana@home.example", Zone("America/New_York"), PrivateOrganization)
        {
            IsOwner = true,
            IsFree = true,
        };

    public static readonly IReadOnlyList<EmulatedAccount> All = [Ana, Priya, Tom, Mei, Olu, AnaHome];

    public static IReadOnlyList<SessionBook> Books(DateTimeOffset start) =>
    [
        AvailabilityData.Ana(AnaData.Fill(new SessionBook(Ana, start))),
        AvailabilityData.Priya(OtherData.Priya(new SessionBook(Priya, start))),
        AvailabilityData.Tom(OtherData.Tom(new SessionBook(Tom, start))),
        AvailabilityData.Mei(OtherData.Mei(new SessionBook(Mei, start))),
        AvailabilityData.Olu(OtherData.Olu(new SessionBook(Olu, start))),
        AvailabilityData.AnaHome(OtherData.AnaHome(new SessionBook(AnaHome, start))),
    ];

    private static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];
}
