using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CalendlySlices.Tests.Support;

/// <summary>A signing key under a name, and every token that can be made with it, good and bad.</summary>
internal sealed class TokenForge
{
    private readonly Func<byte[], byte[]> _sign;

    private TokenForge(string name, string algorithm, object publicKey, Func<byte[], byte[]> sign) =>
        (Name, Algorithm, PublicKey, _sign) = (name, algorithm, publicKey, sign);

    public string Name { get; }

    public string Algorithm { get; }

    /// <summary>As the provider publishes it.</summary>
    public object PublicKey { get; }

    public static TokenForge Rsa(string name, int bits = 2048)
    {
        var key = RSA.Create(bits);
        var shared = key.ExportParameters(false);
        return new TokenForge(
            name,
            "RS256",
            new { kty = "RSA", kid = name, use = "sig", alg = "RS256", n = Base64Url.EncodeToString(shared.Modulus), e = Base64Url.EncodeToString(shared.Exponent) },
            text => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static TokenForge Curve(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        return new TokenForge(
            name,
            "ES256",
            new { kty = "EC", kid = name, use = "sig", alg = "ES256", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) },
            text => key.SignData(text, HashAlgorithmName.SHA256));
    }

    public JsonObject Header(string? algorithm = null) => new() { ["alg"] = algorithm ?? Algorithm, ["typ"] = "JWT", ["kid"] = Name };

    public string Sign(JsonObject claims) => Sign(Header(), claims);

    public string Sign(JsonObject header, JsonObject claims) => Sign(header.ToJsonString(), claims.ToJsonString());

    public string Sign(string header, string claims) => With(Text(header, claims), _sign);

    /// <summary>A signature of another kind over the same text.</summary>
    public static string SignWith(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign) => With(Text(header.ToJsonString(), claims.ToJsonString()), sign);

    /// <summary>The public key as bytes, which a careless checker takes for the secret of an HMAC.</summary>
    public byte[] PublicBytes() => JsonSerializer.SerializeToUtf8Bytes(PublicKey);

    private static string With(string text, Func<byte[], byte[]> sign) => $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";

    private static string Text(string header, string claims) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
}
