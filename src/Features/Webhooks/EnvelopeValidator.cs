using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Webhooks;
using FluentValidation;

namespace CalendlySlices.Features.Webhooks;

/// <summary>What a signed body must hold, so that one can look for what it names.</summary>
internal sealed partial class EnvelopeValidator : AbstractValidator<WebhookEnvelope>
{
    public EnvelopeValidator()
    {
        RuleFor(envelope => envelope.Event).Must(name => EventName().IsMatch(name)).WithMessage("That is not an event's name.");
        RuleFor(envelope => envelope.CreatedBy).Must(uri => CalendlyUri.TryGetId(uri, "users", out _)).WithMessage("That is not a Calendly user.");
        RuleFor(envelope => envelope.InviteeId).NotNull().When(envelope => envelope.IsOfInvitee).WithMessage("It names no invitee.");
        RuleFor(envelope => envelope.EventTypeId).NotNull().When(envelope => envelope.IsOfEventType).WithMessage("It names no event type.");
    }

    [GeneratedRegex(@"\A[a-z_.]{1,60}\z")]
    private static partial Regex EventName();
}
