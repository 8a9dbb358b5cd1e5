using FluentValidation;

namespace CalendlySlices.Features.Status;

/// <summary>The status takes no input but who asks, and which row; unknown query parameters are ignored.</summary>
internal sealed class StatusValidator : AbstractValidator<StatusQuery>
{
    public StatusValidator()
    {
        RuleFor(query => query.OwnerId).GreaterThan(0);
        RuleFor(query => query.Row).Must(row => row is null || StatusRows.Keys.Contains(row)).WithMessage("There is no such row.");
    }
}
