using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.EventTypes;

internal sealed record EventTypeQuery(long UserId, DateTimeZone Zone, string Id);

/// <summary>An event type's own page, in words.</summary>
/// <param name="DeletedOn">Set for one that is gone at Calendly; nothing can be done with it.</param>
/// <param name="Links">Null for a deleted one.</param>
/// <param name="StaleSince">Set when Calendly did not answer just now.</param>
internal sealed record EventTypeDetail(
    EventTypeRow Row,
    string? Description,
    string? Note,
    string Starts,
    string Buffers,
    IReadOnlyList<OfferedPlace> Places,
    IReadOnlyList<Question> Questions,
    string? DeletedOn,
    bool MaySwitch,
    LinksPanel? Links,
    string? StaleSince,
    string? StaleReason,
    string? Problem = null);

/// <param name="Choices">Null where the invitee writes.</param>
internal sealed record Question(string Text, bool Required, string? Choices);

internal sealed class EventTypeHandler(OwnEventType types, LinksHandler links, ListedEventTypes listed, IConnections connections, TimeProvider clock)
{
    public async Task<Result<EventTypeDetail>> HandleAsync(EventTypeQuery query, CancellationToken cancellationToken)
    {
        if (!(await types.ReadAsync(query.UserId, query.Id, cancellationToken)).Succeeded(out var reading, out var failure))
        {
            return failure;
        }

        LinksPanel? made = null;
        if (reading.Value.DeletedAt is null)
        {
            (await links.ReadAsync(new LinksQuery(query.UserId, query.Zone, query.Id), cancellationToken)).Succeeded(out made, out _);
        }

        var connection = await connections.FindAsync(query.UserId, cancellationToken);
        var maySwitch = connection?.Allows(EventTypesHandler.SwitchScope) is true;
        return Words(reading, await listed.ChosenByAsync(query.UserId, cancellationToken), maySwitch, made, query.Zone);
    }

    private EventTypeDetail Words(Reading<EventType> reading, ChosenEventTypes chosen, bool maySwitch, LinksPanel? made, DateTimeZone zone)
    {
        var type = reading.Value;
        return new EventTypeDetail(
            EventTypeRow.Of(type, chosen),
            Text(type.DescriptionPlain),
            Text(type.InternalNote),
            type.StartTimeIncrement is { } minutes ? $"Every {Minutes(minutes)}" : "As set in Calendly",
            Buffers(type.BeforeBuffer ?? 0, type.AfterBuffer ?? 0),
            OfferedPlace.AllOf(type.Locations),
            [.. type.CustomQuestions.Where(question => question.Enabled).OrderBy(question => question.Position).Select(Of)],
            type.DeletedAt is { } deleted ? ZonedTime.Moment(deleted.In(zone)) : null,
            maySwitch,
            made,
            reading.Trouble is null ? null : $"{ZonedTime.Clock(reading.ReadAt.In(zone))} ({ZonedTime.Span(clock.GetUtcNow() - reading.ReadAt)} ago)",
            reading.Trouble?.Message);
    }

    private static string Buffers(int before, int after) => (before, after) switch
    {
        (0, 0) => "None",
        (_, 0) => $"{Minutes(before)} before",
        (0, _) => $"{Minutes(after)} after",
        _ when before == after => $"{Minutes(before)} before and after",
        _ => $"{Minutes(before)} before, {Minutes(after)} after",
    };

    private static string Minutes(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes} min");

    private static Question Of(CustomQuestion question) => new(
        question.Name,
        question.Required,
        question.AnswerChoices is { Count: > 0 } choices
            ? string.Join(", ", question.IncludeOther is true ? choices.Append("or their own answer") : choices)
            : null);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
