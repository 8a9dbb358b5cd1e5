using CalendlySlices.Infrastructure.Webhooks;
using FluentValidation;

namespace CalendlySlices.Features.Webhooks;

internal sealed record SignatureHeader(string? Text);

internal sealed class WebhooksValidator : AbstractValidator<SignatureHeader>
{
    public WebhooksValidator() => RuleFor(header => header.Text).Must(text => WebhookSignature.Read(text) is not null).WithMessage("That is not a signature of Calendly's.");
}
