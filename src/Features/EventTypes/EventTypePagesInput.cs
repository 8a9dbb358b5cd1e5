using CalendlySlices.Infrastructure.Web;
using FluentValidation;

namespace CalendlySlices.Features.EventTypes;

/// <summary>The query of the JSON route, as sent.</summary>
internal sealed record EventTypePagesInput(string? Count, string? PageToken);

internal sealed class EventTypePagesValidator : AbstractValidator<EventTypePagesInput>
{
    public EventTypePagesValidator()
    {
        RuleFor(input => input.Count).IsCount("event types");
        RuleFor(input => input.PageToken).IsPageToken();
    }
}
