using System.Globalization;
using FluentValidation;

namespace CalendlySlices.Features.Admin;

internal sealed class AdminValidator : AbstractValidator<AdminQuery>
{
    private const int LongestName = 100;

    public AdminValidator()
    {
        RuleFor(query => query.State).Must(state => AdminWords.States.Contains(state ?? string.Empty)).WithMessage("There is no such state.");
        RuleFor(query => query.Name).MaximumLength(LongestName).WithMessage($"A name has at most {LongestName} letters here.");
        RuleFor(query => query.After)
            .Must(after => after is null || long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .WithMessage("That is not a page of this list.");
    }
}
