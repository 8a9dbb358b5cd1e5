using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// Page tokens for our own addresses. Calendly's token travels encrypted and bound to the list, the user and the filters
/// that it came from: Calendly answers 400, or another list, when a token meets other parameters. After a day it is over.
/// </summary>
internal sealed class PageTokens(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>A list that was begun yesterday is another list by now.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <param name="list">The route that the token is for.</param>
    /// <param name="filters">Everything that decides what is listed, in one spelling.</param>
    /// <param name="payload">What the next page needs: Calendly's token, and bounds that were fixed on the first page.</param>
    public string Wrap(string list, long userId, string filters, string payload)
    {
        var bytes = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(payload)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (clock.GetUtcNow() + Life).UtcTicks);
        Encoding.UTF8.GetBytes(payload, bytes.AsSpan(sizeof(long)));
        return Base64Url.EncodeToString(Protector(list, userId, filters).Protect(bytes));
    }

    /// <summary>The payload, or <see cref="FailureCode.PageTokenInvalid"/> when the token is not ours, not this user's, from
    /// another list or other filters, or older than <see cref="Life"/>.</summary>
    public Result<string> Unwrap(string list, long userId, string filters, string token)
    {
        try
        {
            var sealedBytes = Base64Url.DecodeFromChars(token);
            var bytes = Protector(list, userId, filters).Unprotect(sealedBytes);

            // The decoder passes over padding and white space, so that many spellings would be one token.
            return Base64Url.EncodeToString(sealedBytes) == token && BinaryPrimitives.ReadInt64BigEndian(bytes) > clock.GetUtcNow().UtcTicks
                ? Encoding.UTF8.GetString(bytes.AsSpan(sizeof(long)))
                : new Failure(FailureCode.PageTokenInvalid);
        }
        catch (Exception notOurs) when (notOurs is CryptographicException or FormatException)
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
