using FluentValidation;

namespace CalendlySlices.Features.Status;

/// <summary>The status takes no input but who asks; unknown query parameters are ignored.</summary>
internal sealed class StatusValidator : AbstractValidator<StatusQuery>
{
    public StatusValidator() => RuleFor(query => query.UserId).GreaterThan(0);
}
