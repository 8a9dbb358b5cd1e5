namespace CalendlySlices.Tests.Support;

/// <summary>How large a round of a test is that proves something by numbers: usually as small as it can be and still fail,
/// and with <c>PROOFS=full</c> as large as the promise says.</summary>
internal static class Proofs
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("PROOFS") == "full";

    public static int RequestsPerSecond => Full ? 100 : 40;

    public static TimeSpan DatabaseOutage => TimeSpan.FromSeconds(Full ? 30 : 3);

    /// <summary>Things that happen at Calendly while pages are open.</summary>
    public static int Events => Full ? 200 : 10;

    /// <summary>Calendly answers a person five hundred times a minute, and each event is looked at.</summary>
    public static TimeSpan BetweenEvents => TimeSpan.FromMilliseconds(Full ? 1200 : 50);

    /// <summary>How often each instance is restarted, or killed.</summary>
    public static int Rounds => Full ? 5 : 1;

    public static int Deliveries => Full ? 10_000 : 300;

    /// <summary>About how many different sessions the deliveries are.</summary>
    public static int Sessions => Full ? 40 : 12;

    /// <summary>How often an instance is killed while deliveries come.</summary>
    public static int Kills => Full ? 10 : 1;
}
