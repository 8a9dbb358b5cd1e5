using CalendlySlices.Infrastructure.Webhooks;
using FluentValidation;

namespace CalendlySlices.Features.Webhooks;

internal sealed class DeliveriesValidator : AbstractValidator<DeliveriesQuery>
{
    public DeliveriesValidator() =>
        RuleFor(query => query.State).Must(state => string.IsNullOrEmpty(state) || DeliveryState.All.Contains(state)).WithMessage("There is no such result.");
}
