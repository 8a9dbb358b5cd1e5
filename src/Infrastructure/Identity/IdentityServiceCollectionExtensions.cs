using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>Sign-in: who a request belongs to, where sessions live, and the round trip to Calendly.</summary>
internal static class IdentityServiceCollectionExtensions
{
    public static void AddIdentity(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<People>();
        services.AddSingleton<AuthorizationRequests>();
        services.AddSingleton<PendingSwitches>();
        services.AddSingleton<CalendlyGrants>();
        services.AddSingleton<SessionTickets>();
        services.AddSingleton(provider => new Roles(provider.GetRequiredService<DbDataSource>(), settings.Admins));
        services.AddSingleton<Delegations>();

        services.AddDataProtection().SetApplicationName("CalendlySlices." + settings.Mode.Name);
        services.AddSingleton<DatabaseKeyRing>();
        services.AddSingleton<FirstCookieKey>();
        services.AddOptions<KeyManagementOptions>().Configure<DatabaseKeyRing>((options, ring) => options.XmlRepository = ring);

        services.AddAuthorization();
        services.AddSingleton(settings.SignIn);
        settings.SignIn.AddTo(services.AddAuthentication(settings.SignIn.Scheme)
            .AddCookie()
            .AddScheme<OAuthOptions, CalendlyAuthentication>(CalendlyAuthentication.SchemeName, null, options => Configure(options, settings)));
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionTickets, TimeProvider>((options, tickets, clock) => Configure(options, tickets, clock, settings));
        services.AddSingleton<IPostConfigureOptions<OAuthOptions>, OAuthPostConfigureOptions<OAuthOptions, CalendlyAuthentication>>();
        services.AddAntiforgery(options =>
        {
            options.HeaderName = Htmx.AntiforgeryHeader;
            options.Cookie.Name = CookieName(settings, "af");
            options.Cookie.SecurePolicy = Secure(settings);
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    /// <summary>Who asks, whether they are signed in, and whether the request came from a page of ours.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.Use(ForgetWhoAsks);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    // The database has failed, and knows who is signed in: the page that says so would fail of the same, and is for nobody.
    private static Task ForgetWhoAsks(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IExceptionHandlerFeature>()?.Error is DbException)
        {
            context.Request.Headers.Cookie = default;
        }

        return next(context);
    }

    private static void Configure(CookieAuthenticationOptions options, SessionTickets tickets, TimeProvider clock, AppSettings settings)
    {
        options.SessionStore = tickets;
        options.TimeProvider = clock;
        options.LoginPath = "/sign-in";
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.Cookie.Name = CookieName(settings, "app");
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = Secure(settings);
        options.Events.OnCheckSlidingExpiration = check =>
        {
            // What an open page asks by itself is not somebody being there.
            check.ShouldRenew &= !check.Request.Path.StartsWithSegments("/live") && check.Request.Query["live"].Count == 0;
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToLogin = redirect => SignInRedirect.AnswerAsync(redirect.HttpContext);
        options.Events.OnRedirectToAccessDenied = redirect => SignInRedirect.AnswerAsync(redirect.HttpContext);
    }

    private static void Configure(OAuthOptions options, AppSettings settings)
    {
        // The browser's clock is real even when the emulator's stands still.
        options.TimeProvider = TimeProvider.System;
        options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.ClientId = settings.Calendly.ClientId;
        options.ClientSecret = "sent by the Calendly client";
        options.CallbackPath = CalendlyAuthentication.CallbackPath;
        options.AuthorizationEndpoint = settings.Mode.IsMock ? "/mock/calendly/oauth/authorize" : settings.Calendly.AuthBaseUrl.AbsoluteUri.TrimEnd('/') + "/oauth/authorize";
        options.TokenEndpoint = settings.Calendly.AuthBaseUrl.AbsoluteUri.TrimEnd('/') + "/oauth/token";
        options.UsePkce = true;
        options.SaveTokens = false;
        options.CorrelationCookie.Name = CookieName(settings, "corr.");
        options.CorrelationCookie.Path = "/";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = Secure(settings);
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        foreach (var scope in RequestedScopes.All)
        {
            options.Scope.Add(scope);
        }

        options.Events.OnRemoteFailure = ExplainFailureAsync;
        options.Events.OnTicketReceived = GoOnAsync;
    }

    private static async Task ExplainFailureAsync(RemoteFailureContext context)
    {
        var failure = (context.Failure as RoundTripException ?? context.Failure?.InnerException as RoundTripException)?.Failure ?? RoundTripFailure.State;
        var signedIn = await context.HttpContext.AuthenticateAsync();
        context.Response.Redirect($"{(signedIn.Succeeded ? "/connection" : "/sign-in")}?problem={failure.ToString().ToLowerInvariant()}");
        context.HandleResponse();
    }

    // Who is signed in was decided when the ticket was made; the framework has nothing left to do but go on.
    private static Task GoOnAsync(TicketReceivedContext context)
    {
        context.Response.Redirect(context.ReturnUri ?? "/");
        context.HandleResponse();
        return Task.CompletedTask;
    }

    // The prefix makes browsers refuse such a cookie from anywhere but this host over https; plain http cannot have it.
    private static string CookieName(AppSettings settings, string name) =>
        $"{(settings.SecureCookies ? "__Host-" : string.Empty)}{name}{(settings.Mode.IsMock ? "-mock" : string.Empty)}";

    private static CookieSecurePolicy Secure(AppSettings settings) =>
        settings.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
}
