using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.Schedules;

/// <param name="UserUri">Calendly's URI of the user whose hours are asked for; the caller when absent.</param>
internal sealed record SchedulesApiInput(string? UserUri);

internal sealed class SchedulesApiValidator : AbstractValidator<SchedulesApiInput>
{
    public SchedulesApiValidator() => RuleFor(input => input.UserUri)
        .Must(uri => string.IsNullOrEmpty(uri) || CalendlyUri.TryGetId(uri, "users", out _))
        .WithErrorCode("format")
        .WithMessage("This is not a user's URI. Write it like https://api.calendly.com/users/AAAA.");
}
