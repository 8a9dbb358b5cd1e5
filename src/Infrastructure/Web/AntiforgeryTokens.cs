using System.Collections.Concurrent;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// The antiforgery request token of a page. Making one costs about as much as rendering a page, and one stays valid for as
/// long as its cookie and its user do, so it is kept under both.
/// </summary>
internal sealed class AntiforgeryTokens(IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options, TimeProvider time)
{
    private const int Capacity = 4096;

    // A token is checked only when it comes back, so a revoked key would otherwise leave dead tokens in the pages for good.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Holder, Kept> _kept = new();

    public string FieldName => options.Value.FormFieldName;

    /// <summary>May set the antiforgery cookie, so the answer must not have started.</summary>
    public string RequestToken(HttpContext context)
    {
        var holder = HolderOf(context);
        var now = time.GetUtcNow();
        if (holder is { } known && _kept.TryGetValue(known, out var kept) && now - kept.MadeAt < Life)
        {
            return kept.Token;
        }

        var made = antiforgery.GetAndStoreTokens(context);
        var token = made.RequestToken ?? throw new InvalidOperationException("Antiforgery made no request token.");

        // A new cookie token means that the one which came with the request is no good, and neither is it as a key.
        if (holder is { } holds && made.CookieToken is null)
        {
            if (_kept.Count >= Capacity)
            {
                _kept.Clear();
            }

            _kept[holds] = new Kept(token, now);
        }

        return token;
    }

    private Holder? HolderOf(HttpContext context)
    {
        if (options.Value.Cookie.Name is not { } name || !context.Request.Cookies.TryGetValue(name, out var cookie))
        {
            return null;
        }

        if (context.User.Identity is not { IsAuthenticated: true })
        {
            return new Holder(cookie, null, null);
        }

        // Antiforgery binds its token to this claim; a person without it, or with two identities, is not worth the guess.
        return context.User.FindFirst("sub") is { } subject && context.User.Identities.Take(2).Count() == 1
            ? new Holder(cookie, subject.Value, subject.Issuer)
            : null;
    }

    private readonly record struct Holder(string Cookie, string? Subject, string? Issuer);

    private sealed record Kept(string Token, DateTimeOffset MadeAt);
}
