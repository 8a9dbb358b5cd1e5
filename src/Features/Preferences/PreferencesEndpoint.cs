using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Preferences;

/// <summary>The reader's time zone and theme: for anybody, signed in or not.</summary>
internal sealed class PreferencesEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services.AddSingleton<PreferencesValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/preferences").For(Access.Anyone);
        open.MapGet("/zone", (string? returnTo, ReaderZone zone) =>
            Form(new PreferencesCommand(Preference.Zone, zone.Zone.Id), returnTo));
        open.MapGet("/theme", (string? returnTo, HttpContext context) =>
            Form(new PreferencesCommand(Preference.Theme, Theme.Of(context)), returnTo));
        open.MapPost("/zone", ([FromForm] string? zone, [FromForm] string? returnTo, PreferencesValidator validator, HttpResponse response) =>
            Keep(new PreferencesCommand(Preference.Zone, zone), returnTo, validator, response));
        open.MapPost("/theme", ([FromForm] string? theme, [FromForm] string? returnTo, PreferencesValidator validator, HttpResponse response) =>
            Keep(new PreferencesCommand(Preference.Theme, theme), returnTo, validator, response));
    }

    private static IResult Keep(PreferencesCommand command, string? returnTo, PreferencesValidator validator, HttpResponse response)
    {
        if (validator.Validate(command).Errors.FirstOrDefault() is { } problem)
        {
            response.MarkFailure(new Failure(FailureCode.ValidationFailed));
            return Form(command, returnTo, problem.ErrorMessage);
        }

        PreferencesHandler.Keep(command, response);
        return Results.LocalRedirect(LocalPath.OrHome(returnTo));
    }

    private static Hypermedia<PreferenceForm> Form(PreferencesCommand command, string? returnTo, string? problem = null) => Hypermedia.Of(
        $"Preferences/_{command.Preference}Picker",
        new PreferenceForm(command.Value, LocalPath.OrHome(returnTo), problem),
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
}

/// <param name="Value">As posted, known or not.</param>
internal sealed record PreferenceForm(string? Value, string ReturnTo, string? Problem);
