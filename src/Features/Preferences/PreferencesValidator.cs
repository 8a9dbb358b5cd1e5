using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using FluentValidation;

namespace CalendlySlices.Features.Preferences;

internal sealed class PreferencesValidator : AbstractValidator<PreferencesCommand>
{
    public PreferencesValidator()
    {
        RuleFor(command => command.Value)
            .Must(zone => ReaderZone.Find(zone) is not null)
            .When(command => command.Preference == Preference.Zone)
            .WithMessage("Choose a time zone from the list.");
        RuleFor(command => command.Value)
            .Must(Theme.IsKnown)
            .When(command => command.Preference == Preference.Theme)
            .WithMessage("Choose system, light or dark.");
    }
}
