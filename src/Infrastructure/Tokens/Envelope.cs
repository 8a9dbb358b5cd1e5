using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>
/// Seals text with AES-256-GCM as <c>v1.keyId.nonce.ciphertext.tag</c>, bound to where it belongs: an envelope moved to
/// another person, field or mode does not open. Key, nonce and tag lengths follow NIST SP 800-38D.
/// </summary>
internal sealed class Envelope(TokenKeys keys)
{
    private const string Version = "v1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>How everything begins that the first key has sealed.</summary>
    public string CurrentPrefix { get; } = $"{Version}.{keys.CurrentId}.";

    /// <param name="belongsTo">Mode, owner, field: in the same order when it is opened.</param>
    public string Seal(string text, params ReadOnlySpan<string> belongsTo) => SealWith(keys.CurrentId, text, belongsTo);

    /// <summary>The same with another key of the ring than the first.</summary>
    public string SealWith(string keyId, string text, params ReadOnlySpan<string> belongsTo)
    {
        if (!keys.TryFind(keyId, out var key))
        {
            throw new ArgumentException("There is no such key.", nameof(keyId));
        }

        var plain = Encoding.UTF8.GetBytes(text);
        var cipher = new byte[plain.Length];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> tag = stackalloc byte[TagBytes];
        RandomNumberGenerator.Fill(nonce);

        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, cipher, tag, AssociatedData(belongsTo));
        CryptographicOperations.ZeroMemory(plain);
        return string.Join('.', Version, keyId, Base64Url.EncodeToString(nonce), Base64Url.EncodeToString(cipher), Base64Url.EncodeToString(tag));
    }

    /// <summary>The same under the first key; what is already there stays as it is.</summary>
    /// <exception cref="CryptographicException">It cannot be opened.</exception>
    public string Reseal(string envelope, params ReadOnlySpan<string> belongsTo) =>
        envelope.StartsWith(CurrentPrefix, StringComparison.Ordinal) ? envelope : Seal(Open(envelope, belongsTo), belongsTo);

    /// <exception cref="CryptographicException">The envelope was changed, belongs elsewhere, or its key is not here.</exception>
    public string Open(string envelope, params ReadOnlySpan<string> belongsTo)
    {
        var parts = envelope.Split('.');
        if (parts.Length != 5 || parts[0] != Version || !keys.TryFind(parts[1], out var key))
        {
            throw new CryptographicException("The envelope is not of this application, or its key is missing.");
        }

        try
        {
            var nonce = Base64Url.DecodeFromChars(parts[2]);
            var cipher = Base64Url.DecodeFromChars(parts[3]);
            var tag = Base64Url.DecodeFromChars(parts[4]);
            if (nonce.Length != NonceBytes || tag.Length != TagBytes)
            {
                throw new CryptographicException("The envelope is damaged.");
            }

            var plain = new byte[cipher.Length];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(nonce, cipher, tag, plain, AssociatedData(belongsTo));
            return Encoding.UTF8.GetString(plain);
        }
        catch (FormatException)
        {
            throw new CryptographicException("The envelope is damaged.");
        }
    }

    // Each part carries its length, so that no two different lists make the same bytes.
    private static byte[] AssociatedData(ReadOnlySpan<string> parts)
    {
        using var buffer = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        Write(buffer, length, Version);
        foreach (var part in parts)
        {
            Write(buffer, length, part);
        }

        return buffer.ToArray();
    }

    private static void Write(MemoryStream buffer, Span<byte> length, string part)
    {
        var bytes = Encoding.UTF8.GetBytes(part);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        buffer.Write(length);
        buffer.Write(bytes);
    }
}
