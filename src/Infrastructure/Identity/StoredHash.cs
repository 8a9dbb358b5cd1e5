using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Identity;

internal static class StoredHash
{
    /// <summary>What the database holds of a long random key that somebody else carries: SHA-256, in hexadecimal. Whoever
    /// reads the database cannot go back to the key.</summary>
    /// <param name="key">ASCII.</param>
    public static string Of(string key) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(key)));
}
