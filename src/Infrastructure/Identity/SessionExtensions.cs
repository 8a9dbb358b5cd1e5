using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Identity;

internal static class SessionExtensions
{
    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Signs in under a key of its own, and ends the session that came with the request.</summary>
    /// <param name="user">With the role that the way of signing in gives; what else is known of the person may change it.</param>
    public static async Task BeginSessionAsync(this HttpContext context, CurrentUser user)
    {
        user = await context.RequestServices.GetRequiredService<Roles>().ResolveAsync(user, context.RequestAborted);

        // The cookie handler would renew the session it has found, key and all: a cookie that somebody planted in this
        // browser would then open the new person's session. So the old one ends, and a handler that has seen nothing signs in.
        await context.SignOutAsync(Scheme);
        var name = context.RequestServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Scheme).Cookie.Name!;
        var headers = context.Response.Headers;
        headers.SetCookie = headers.SetCookie.Where(line => line is not null && !line.StartsWith(name + "=", StringComparison.Ordinal)).ToArray();

        await using var scope = context.RequestServices.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IAuthenticationService>().SignInAsync(context, Scheme, user.ToPrincipal(Scheme), null);
    }
}
