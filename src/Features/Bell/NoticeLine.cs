using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Bell;

/// <summary>One notice in words and in the reader's zone.</summary>
/// <param name="Href">Where it leads; null where there is nothing more to see.</param>
/// <param name="When">When it came, with <paramref name="At"/> as an instant in UTC.</param>
internal sealed record NoticeLine(string Kind, string Words, string? Href, string When, string At, bool IsRead)
{
    public static NoticeLine Of(Notice notice, DateTimeOffset now, DateTimeZone zone)
    {
        var at = notice.At.In(zone);
        return new NoticeLine(
            notice.Kind,
            NoticeWords.Of(notice, zone),
            notice.SessionId is { } id ? $"/sessions/{id}" : notice.Kind is NoticeKind.UpdatesOff or NoticeKind.GapFilled ? "/status" : null,
            at.Date == now.In(zone).Date ? ZonedTime.Clock(at) : ZonedTime.Moment(at),
            ZonedTime.Iso(notice.At),
            notice.IsRead);
    }
}
