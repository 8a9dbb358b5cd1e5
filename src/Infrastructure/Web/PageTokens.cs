using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// Page tokens for our own addresses. Calendly's token travels encrypted and bound to the list, the user and the filters
/// that it came from: Calendly answers 400, or another list, when a token meets other parameters.
/// </summary>
internal sealed class PageTokens(IDataProtectionProvider protection)
{
    /// <param name="list">The route that the token is for.</param>
    /// <param name="filters">Everything that decides what is listed, in one spelling.</param>
    /// <param name="payload">What the next page needs: Calendly's token, and bounds that were fixed on the first page.</param>
    public string Wrap(string list, long userId, string filters, string payload) => Protector(list, userId, filters).Protect(payload);

    /// <summary>The payload, or <see cref="FailureCode.PageTokenInvalid"/> when the token is not ours, not this user's, or
    /// from another list or other filters.</summary>
    public Result<string> Unwrap(string list, long userId, string filters, string token)
    {
        try
        {
            return Protector(list, userId, filters).Unprotect(token);
        }
        catch (CryptographicException)
        {
            return new Failure(FailureCode.PageTokenInvalid);
        }
    }

    /// <param name="list">The route, as in <see cref="Wrap"/>.</param>
    /// <param name="filters">Everything that decides what is listed, in one spelling, the page's size included.</param>
    public ApiPages For(string list, long userId, string filters) => new(this, list, userId, filters);

    // The binding is part of the key, so there is nothing to compare afterwards.
    private IDataProtector Protector(string list, long userId, string filters) =>
        protection.CreateProtector("PageTokens", list, userId.ToString(CultureInfo.InvariantCulture), filters);
}
