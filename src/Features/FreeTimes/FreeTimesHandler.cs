using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

/// <param name="Input">As the validator has passed it.</param>
internal sealed record FreeTimesQuery(CurrentUser User, FreeTimesInput Input);

/// <summary>The page of free times. Two calls to Calendly at most, a third where more than four weeks are drawn.</summary>
internal sealed class FreeTimesHandler(BookableTypes bookable, AvailableTimeReads times, TimeProvider clock)
{
    public async Task<FreeTimesPage> HandleAsync(FreeTimesQuery query, CancellationToken cancellationToken)
    {
        var place = PlaceOf(query.Input);
        var forCoach = query.User.SeesCalendar;
        var choices = await bookable.ChoicesAsync(query.User, cancellationToken);
        var known = choices.Succeeded(out var list, out var failure) ? list : [];

        // Without a choice of the reader's own there must be a list to choose from.
        place = place with { EventType = place.EventType ?? (known.Count > 0 ? known[0].Id : null) };
        if (place.EventType is null)
        {
            return new FreeTimesPage(place, known, null, failure is null ? null : Trouble.Of(failure, FreeTimesWords.Page, place.Url), failure, forCoach);
        }

        return (await BoardAsync(query, place, cancellationToken)).Succeeded(out var board, out failure)
            ? new FreeTimesPage(place, known, board, null, null, forCoach)
            : new FreeTimesPage(place, known, null, Trouble.Of(failure, FreeTimesWords.Page, place.Url), failure, forCoach);
    }

    public static FreeTimesPlace PlaceOf(FreeTimesInput input) => new(
        string.IsNullOrEmpty(input.EventType) ? null : input.EventType, input.Day, input.KnownView ?? FreeTimesView.Week, input.Hours == "all", input.Weeks == "8");

    private async Task<Result<FreeTimesBoard>> BoardAsync(FreeTimesQuery query, FreeTimesPlace place, CancellationToken cancellationToken)
    {
        if (!(await bookable.FindAsync(query.User, place.EventType!, cancellationToken)).Succeeded(out var type, out var failure))
        {
            return failure;
        }

        var now = clock.GetUtcNow().In(query.Input.Zone.Zone);
        var period = FreeTimesPeriod.Of(now.Date, place.Date, place.View, place.EightWeeks, now.Zone);
        var reading = await times.ReadAsync(type.OwnerId, type.Type.Uri, period.Windows, cancellationToken, query.Input.Renew == "1");
        return reading.Succeeded(out var open, out failure)
            ? new FreeTimesBuilder(type, place with { EventType = type.Id }, period, now).Build(open)
            : type.ForReader(failure);
    }
}
