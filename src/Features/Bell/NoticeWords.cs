using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.Bell;

internal static class NoticeWords
{
    public static readonly PanelWords Panel = new(
        "Notices", "Connect Calendly to be told of changes.", "Your connection does not allow this.", "There is no such notice.", "That is not a notice", "/notices", "Back to the notices");

    public static string Unread(long count) => count switch
    {
        0 => "Nothing new",
        1 => "1 unread notice",
        _ => $"{count} unread notices",
    };

    public static string Of(Notice notice, DateTimeZone zone)
    {
        if (notice.Facts is not { } facts)
        {
            return "Something changed; its details can no longer be shown.";
        }

        var who = facts.Who ?? "An invitee";
        var what = facts.What ?? "a session";
        var when = facts.Start is { } start ? $", {ZonedTime.Moment(start.In(zone))}" : string.Empty;
        return notice.Kind switch
        {
            NoticeKind.Booked => $"{who} booked {what}{when}",
            NoticeKind.Canceled when facts.ByHost => $"{facts.By ?? "The host"} canceled {what} with {who}{when}",
            NoticeKind.Canceled => $"{facts.By ?? who} canceled {what}{when}",
            NoticeKind.Moved when facts is { From: { } from, Start: { } to } =>
                $"{who} moved {what} from {ZonedTime.Moment(from.In(zone))} to {ZonedTime.Moment(to.In(zone))}",
            NoticeKind.Moved => $"{who} moved {what}{when}",
            NoticeKind.NoShow => $"{who} did not come to {what}{when}",
            NoticeKind.GapFilled when facts is { Start: { } from, End: { } to } => $"Live updates were off {Gap(from.In(zone), to.In(zone), notice.At.In(zone))}. We caught up: {Changed(facts.Count)}.",
            NoticeKind.GapFilled => $"Live updates were off for a while. We caught up: {Changed(facts.Count)}.",
            NoticeKind.UpdatesOff => $"Live updates are off{(facts.Start is { } since ? $" since {ZonedTime.Moment(since.In(zone))}" : "")}. We look every 2 minutes instead.",
            _ => "Something changed.",
        };
    }

    // The day only where it is not the one on which it is told.
    private static string Gap(ZonedDateTime from, ZonedDateTime to, ZonedDateTime told) =>
        from.Date == told.Date && to.Date == told.Date ? $"from {ZonedTime.Clock(from)} to {ZonedTime.Clock(to)}" : $"from {ZonedTime.Moment(from)} to {ZonedTime.Moment(to)}";

    private static string Changed(int count) => count switch
    {
        0 => "nothing had changed",
        1 => "1 session changed",
        _ => $"{count} sessions changed",
    };
}
