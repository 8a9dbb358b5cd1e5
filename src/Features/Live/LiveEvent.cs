using System.Globalization;
using System.Text;
using CalendlySlices.Infrastructure.Live;

namespace CalendlySlices.Features.Live;

/// <summary>What a page is told: the kind of a change, or something about the stream itself. Never what is new: that the page
/// asks for, and gets by its own right.</summary>
/// <param name="Subject">The changed thing's id; null where the name says all.</param>
internal sealed record LiveEvent(long Id, string Event, string? Subject = null)
{
    /// <summary>Everything has been told until here, and from here on it comes by itself.</summary>
    public const string Live = "live";

    /// <summary>Something was missed: whatever is shown has to be read anew.</summary>
    public const string CatchUp = "catch-up";

    public const string SessionExpired = "session-expired";

    /// <summary>The subject of <see cref="SessionExpired"/> where only a token has run out, and loading the page brings another.</summary>
    public const string Token = "token";

    /// <summary>Keeps proxies and browsers from giving up; no event.</summary>
    public static readonly byte[] Heartbeat = ": here\n\n"u8.ToArray();

    public static LiveEvent Of(Change change) => new(change.Id, change.Kind, change.Subject);

    public static string Name(LiveEnd end) => end switch
    {
        LiveEnd.Superseded => "superseded",
        LiveEnd.SessionOver => SessionExpired,
        _ => "end",
    };

    /// <summary>As it goes over the wire. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html</summary>
    /// <param name="retry">When to come back, once the stream has ended.</param>
    public byte[] ToBytes(TimeSpan? retry = null)
    {
        var wait = retry is { } time ? string.Create(CultureInfo.InvariantCulture, $"retry: {(int)time.TotalMilliseconds}\n") : string.Empty;
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"event: {Event}\nid: {Id}\n{wait}data: {Subject?.ReplaceLineEndings(" ")}\n\n"));
    }
}
