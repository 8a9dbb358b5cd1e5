using CalendlySlices.Infrastructure.Web;
using FluentValidation;

namespace CalendlySlices.Features.EventTypes;

internal sealed class EventTypesValidator : AbstractValidator<EventTypesInput>
{
    /// <summary>Characters. No name at Calendly is longer than a third of this many.</summary>
    public const int MaxSearchLength = 200;

    public EventTypesValidator()
    {
        RuleFor(input => input.Q).MaximumLength(MaxSearchLength).WithErrorCode("maxLength").WithMessage($"Search for at most {MaxSearchLength} characters.");
        RuleFor(input => input.State).Must(BeOneOf(EventTypesFilter.States)).WithErrorCode("oneOf").WithMessage("Choose all, active or off.");
        RuleFor(input => input.Kind).Must(BeOneOf(EventTypesFilter.Kinds)).WithErrorCode("oneOf").WithMessage("Choose all, one-on-one, group, round-robin or collective.");
        RuleFor(input => input.Sort).Must(BeOneOf(EventTypesFilter.Sorts)).WithErrorCode("oneOf").WithMessage("Choose name, position, length or changed.");
        RuleFor(input => input.PageToken).MaximumLength(ApiPaging.MaxPageTokenLength).WithErrorCode("maxLength").WithMessage("This is not a page of the list.");
    }

    private static Func<string?, bool> BeOneOf(IReadOnlyList<Choice> choices) =>
        text => string.IsNullOrEmpty(text) || choices.Any(choice => choice.Word == text);
}
