using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Text">A line for each time, with its address at Calendly.</param>
internal sealed record TimesText(string EventType, string? Date, string Zone, string Text, string? Problem = null);

/// <summary>The next few times as a text to send. No call when the page has just been read.</summary>
internal sealed class TimesTextHandler(BookableTypes bookable, AvailableTimeReads times, TimeProvider clock)
{
    private const int Most = 5;

    public async Task<Result<TimesText>> HandleAsync(CurrentUser user, TimesTextInput input, CancellationToken cancellationToken)
    {
        if (!(await bookable.FindAsync(user, input.EventType ?? "", cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        var now = clock.GetUtcNow().In(input.Zone.Zone);
        var period = FreeTimesPeriod.Of(now.Date, input.Page.Day, FreeTimesView.Week, eightWeeks: false, now.Zone);
        if (!(await times.ReadAsync(type.OwnerId, type.Type.Uri, period.Windows, cancellationToken)).Succeeded(out var reading, out failure))
        {
            return type.ForReader(failure);
        }

        var zone = ReaderZone.Find(input.ReceiverZone) ?? now.Zone;
        var text = new StringBuilder($"{type.Name}, {type.Type.Duration:0.##} min. Times in {zone.Id}:\n");
        var from = period.Selected.AtStartOfDayInZone(now.Zone).ToDateTimeOffset();
        foreach (var time in reading.Value.Where(time => time.StartTime >= from).Take(Most))
        {
            var (start, end) = (time.StartTime.In(zone), (time.StartTime + type.Duration).In(zone));
            text.Append(ZonedTime.Full(start, end)).Append(CalendlyUri.PageOrNull(time.SchedulingUrl) is { } page ? $" {page}" : "").Append('\n');
        }

        return new TimesText(type.Id, input.Date, zone.Id, text.ToString().TrimEnd());
    }
}
