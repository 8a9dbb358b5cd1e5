using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Features.CoachCard;

/// <summary>The own card. Event types come from Calendly, where that answers; everything else is ours.</summary>
internal sealed class CoachCardHandler(CoachCards cards, ListedEventTypes listings, EventTypeReads eventTypes, IConnections connections)
{
    public async Task<CoachCardForm> ReadAsync(CurrentUser coach, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var card = await cards.FindAsync(coach.Id, cancellationToken);
        var (choices, trouble) = await ChoicesAsync(coach, cancellationToken);
        var profile = (await connections.FindAsync(coach.Id, cancellationToken))?.Profile;
        var typed = new CoachCardCommand(
            coach,
            zone,
            card?.Name ?? coach.Name,
            card is null ? profile?.Email ?? string.Empty : card.Email ?? string.Empty,
            string.Join(", ", card?.Tags ?? []),
            string.Join(", ", card?.Languages ?? []),
            card?.About ?? string.Empty,
            [.. choices.Where(choice => choice.IsShown).Select(choice => choice.Id)],
            card?.IsListed ?? false);
        return new CoachCardForm(typed, card, Shell.City(ReaderZone.Find(profile?.Timezone ?? card?.Timezone) ?? zone), choices, trouble);
    }

    /// <summary>Stores the card, and shows and hides event types. Only own ones that are on can be shown; one that is not among
    /// the choices fails with <c>ValidationFailed</c>, and nothing is stored.</summary>
    public async Task<Result<CoachCardForm>> SaveAsync(CoachCardCommand command, CancellationToken cancellationToken)
    {
        var (choices, _) = await ChoicesAsync(command.Coach, cancellationToken);
        if (command.EventTypes.Except(choices.Select(choice => choice.Id)).Any())
        {
            return new Failure(FailureCode.ValidationFailed)
            {
                Fields = [new FieldProblem("eventTypes", "oneOf", "One of these is off at Calendly, or not yours. Look through them again.")],
            };
        }

        var former = await cards.FindAsync(command.Coach.Id, cancellationToken);
        var profile = (await connections.FindAsync(command.Coach.Id, cancellationToken))?.Profile;
        await cards.SaveAsync(
            command.Coach.Id,
            new CardText(
                command.Name,
                command.Email.Length == 0 ? null : command.Email,
                profile?.Timezone ?? former?.Timezone ?? command.Zone.Id,
                command.TagList,
                command.LanguageList,
                command.About,
                command.Agreed),
            cancellationToken);
        foreach (var choice in choices)
        {
            var wanted = command.EventTypes.Contains(choice.Id);
            if (wanted && !choice.IsShown)
            {
                await listings.ShowAsync(command.Coach.Id, choice.Id, choice.Name, choice.Minutes, cancellationToken);
            }
            else if (!wanted && choice.IsShown)
            {
                await listings.HideAsync(command.Coach.Id, choice.Id, cancellationToken);
            }
        }

        return await ReadAsync(command.Coach, command.Zone, cancellationToken);
    }

    // What is shown already can always be taken back, whatever Calendly says.
    private async Task<(IReadOnlyList<TypeChoice> Choices, Failure? Trouble)> ChoicesAsync(CurrentUser coach, CancellationToken cancellationToken)
    {
        var shown = (await listings.ChosenByAsync(coach.Id, cancellationToken)).Ids;
        if ((await eventTypes.ReadAsync(coach.Id, cancellationToken)).Succeeded(out var reading, out var trouble))
        {
            return ([.. reading.Value.Types
                .Where(type => type.Active)
                .OrderBy(type => type.Position)
                .Select(type => (Id: CalendlyUri.LastSegment(type.Uri), Type: type))
                .Select(one => new TypeChoice(one.Id, one.Type.Name ?? "Event type", (int)Math.Ceiling(one.Type.Duration), shown.Contains(one.Id)))], null);
        }

        var listed = await listings.OfAsync(coach.Id, cancellationToken);
        return ([.. listed.Select(type => new TypeChoice(type.Id, type.Name, (int)type.DurationMinutes, IsShown: true))], trouble);
    }
}
