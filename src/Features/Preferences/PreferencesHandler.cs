using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Preferences;

/// <summary>Each is kept for a year in a cookie of its own name.</summary>
internal enum Preference
{
    Zone,
    Theme,
}

internal sealed record PreferencesCommand(Preference Preference, string? Value);

internal static class PreferencesHandler
{
    /// <summary>Takes only what the validator let through.</summary>
    public static void Keep(PreferencesCommand command, HttpResponse response)
    {
        if (command.Preference == Preference.Zone)
        {
            ReaderZone.Keep(response, command.Value);
        }
        else
        {
            Theme.Keep(response, command.Value!);
        }
    }
}
