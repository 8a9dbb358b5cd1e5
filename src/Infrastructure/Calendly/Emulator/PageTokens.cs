using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>On which side of its row a page lies.</summary>
internal enum PageSide : byte
{
    After,
    Before,

    /// <summary>Before and with the row: the way back from a page that has become empty.</summary>
    UpTo,
}

/// <summary>
/// Opaque page tokens: a row and a side of it, sealed together with the query. Changed by a byte, or sent with another
/// query or by another account, a token is worth nothing.
/// </summary>
internal static class PageTokens
{
    private const int SealLength = 12;
    private static readonly byte[] Key = "calendly-emulator/page-tokens/v1"u8.ToArray();

    /// <param name="binding">The caller, the path and the query without the token.</param>
    public static string Write(PageSide side, string rowId, string binding)
    {
        Span<byte> token = stackalloc byte[1 + Encoding.UTF8.GetMaxByteCount(rowId.Length) + SealLength];
        token[0] = (byte)side;
        var length = 1 + Encoding.UTF8.GetBytes(rowId, token[1..]);
        Seal(token[..length], binding, token[length..]);
        return Base64Url.EncodeToString(token[..(length + SealLength)]);
    }

    public static bool TryRead(string text, string binding, out PageSide side, out string rowId)
    {
        side = default;
        rowId = string.Empty;
        if (text.Length > 512 || !Base64Url.IsValid(text))
        {
            return false;
        }

        var token = Base64Url.DecodeFromChars(text).AsSpan();
        if (token.Length <= 1 + SealLength)
        {
            return false;
        }

        var content = token[..^SealLength];
        Span<byte> expected = stackalloc byte[SealLength];
        Seal(content, binding, expected);
        side = (PageSide)content[0];
        rowId = Encoding.UTF8.GetString(content[1..]);
        return CryptographicOperations.FixedTimeEquals(expected, token[^SealLength..]);
    }

    private static void Seal(ReadOnlySpan<byte> content, string binding, Span<byte> seal)
    {
        var sealedText = new byte[content.Length + Encoding.UTF8.GetByteCount(binding)];
        content.CopyTo(sealedText);
        Encoding.UTF8.GetBytes(binding, sealedText.AsSpan(content.Length));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Key, sealedText, hash);
        hash[..SealLength].CopyTo(seal);
    }
}
