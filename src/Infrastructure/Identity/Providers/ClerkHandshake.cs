using System.Globalization;
using System.Text.Json;
using CalendlySlices.Infrastructure.Settings;
using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>
/// The round trip by which Clerk's host gives a browser a new token: we send the page there, and it comes back with cookies
/// to set, in a payload that Clerk has signed. It needs no secret of the instance's.
/// Source: https://github.com/clerk/javascript, packages/backend/src/tokens/handshake.ts
/// </summary>
internal sealed class ClerkHandshake(ClerkSignIn clerk, SessionTokens tokens, AppSettings settings)
{
    private const string Payload = "__clerk_handshake";
    private const string DevelopmentBrowser = "__clerk_db_jwt";

    // The payload holds several cookies, a session's token among them; an address of ours takes 8 KiB.
    private const int MaxPayloadBytes = 8 * 1024;

    // Clerk's own number.
    private const int MaxTries = 3;
    private const char Finished = 'f';

    private static readonly string[] ClerkCookies = [ClerkSignIn.SessionCookie, "__client_uat", "__refresh", DevelopmentBrowser, Payload];
    private static readonly TimeSpan CountedFor = TimeSpan.FromMinutes(1);

    private string TriesCookie => (settings.SecureCookies ? "__Host-" : string.Empty) + "clerk-tries";

    /// <summary>Answers with the way to Clerk; false, with nothing answered, when that has been tried often enough.</summary>
    public bool TryStart(HttpContext context)
    {
        var tries = Tries(context);
        if (tries >= MaxTries)
        {
            return false;
        }

        Count(context, (tries + 1).ToString(CultureInfo.InvariantCulture));
        var way = new Dictionary<string, string?>
        {
            ["redirect_url"] = Here(context.Request),
            ["suffixed_cookies"] = "false",
            ["__clerk_hs_reason"] = "session-token-expired",
        };
        if (clerk.IsDevelopment && context.Request.Cookies[DevelopmentBrowser] is { Length: > 0 } browser)
        {
            way[DevelopmentBrowser] = browser;
        }

        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = QueryHelpers.AddQueryString(new Uri(clerk.FrontendApi, "/v1/client/handshake").AbsoluteUri, way);
        return true;
    }

    /// <summary>Sets the cookies that Clerk's payload asks for and opens the same address again, without the payload. Only
    /// for a browser that we have sent there: anybody could put a payload of his own into a link.</summary>
    public async Task<bool> TryFinishAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method)
            || context.Request.Cookies[TriesCookie] is not { Length: > 0 } tries || tries[^1] == Finished
            || PayloadIn(context.Request) is not { Length: > 0 } payload)
        {
            return false;
        }

        var verdict = await tokens.ReadSignedAsync(payload, MaxPayloadBytes, context.RequestAborted);
        if (verdict.Claims is not { } claims || !claims.TryGetProperty("handshake", out var cookies) || cookies.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var cookie in cookies.EnumerateArray().Where(cookie => cookie.ValueKind == JsonValueKind.String).Select(cookie => cookie.GetString()!).Where(IsClerks))
        {
            context.Response.Headers.Append("Set-Cookie", cookie);
        }

        // Where the payload came in a cookie it may still be there, and must not be taken in again.
        Count(context, tries + Finished);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(Here(context.Request));
        return true;
    }

    /// <summary>The token is good: the next time, counting begins anew.</summary>
    public void Forget(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(TriesCookie) && !context.Response.HasStarted)
        {
            context.Response.Cookies.Delete(TriesCookie, Options(context));
        }
    }

    private int Tries(HttpContext context) =>
        int.TryParse(context.Request.Cookies[TriesCookie]?.TrimEnd(Finished), NumberStyles.None, CultureInfo.InvariantCulture, out var tries) ? tries : 0;

    private void Count(HttpContext context, string tries)
    {
        var options = Options(context);
        options.MaxAge = CountedFor;
        context.Response.Cookies.Append(TriesCookie, tries, options);
    }

    private static CookieOptions Options(HttpContext context) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, IsEssential = true };

    private string? PayloadIn(HttpRequest request) =>
        request.Cookies[Payload] ?? (clerk.IsDevelopment ? request.Query[Payload].ToString() : null);

    // The address without what Clerk has added to it.
    private static string Here(HttpRequest request) => QueryHelpers.AddQueryString(
        $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}",
        request.Query
            .Where(part => !part.Key.StartsWith("__clerk_", StringComparison.Ordinal))
            .SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value)));

    // By name, also with the suffix that tells instances on one host apart; and never a second header in one line.
    private static bool IsClerks(string cookie) =>
        cookie.IndexOf('=', StringComparison.Ordinal) is var end and > 0
        && ClerkCookies.Any(name => cookie[..end] == name || cookie[..end].StartsWith(name + "_", StringComparison.Ordinal))
        && cookie.All(letter => letter is >= ' ' and <= '~');
}
