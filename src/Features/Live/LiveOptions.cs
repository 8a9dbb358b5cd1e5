namespace CalendlySlices.Features.Live;

/// <summary>How many streams there may be and how long they last; the settings under <c>Live</c>.</summary>
internal sealed class LiveOptions
{
    public int PerUser { get; set; } = 3;

    /// <summary>An IPv4 address, or the first half of an IPv6 address.</summary>
    public int PerAddress { get; set; } = 20;

    public int PerInstance { get; set; } = 1000;

    /// <summary>Of one person; as many at once, and one more each time its share of a minute has passed.</summary>
    public int OpensPerMinute { get; set; } = 10;

    /// <summary>Changes that wait for a browser that does not read; then the oldest give way to one <c>catch-up</c>.</summary>
    public int Held { get; set; } = 16;

    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(15);
}
