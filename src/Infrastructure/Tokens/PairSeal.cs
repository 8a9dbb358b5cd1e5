using System.Globalization;
using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Seals the tokens of one person in one mode; a sealed token that was moved to another row does not open.</summary>
internal sealed class PairSeal(Envelope envelope, CalendlyMode mode)
{
    private const string Access = "access";
    private const string Refresh = "refresh";

    public string SealAccess(long userId, Secret token) => envelope.Seal(token.Reveal(), mode.Name, Owner(userId), Access);

    public string SealRefresh(long userId, Secret token) => envelope.Seal(token.Reveal(), mode.Name, Owner(userId), Refresh);

    /// <exception cref="CryptographicException">It cannot be opened, or is null.</exception>
    public Secret OpenAccess(long userId, string? sealedToken) => Open(userId, sealedToken, Access);

    /// <inheritdoc cref="OpenAccess"/>
    public Secret OpenRefresh(long userId, string? sealedToken) => Open(userId, sealedToken, Refresh);

    /// <summary>The same token under the first key.</summary>
    /// <exception cref="CryptographicException">It cannot be opened.</exception>
    public string ResealAccess(long userId, string sealedToken) => envelope.Reseal(sealedToken, mode.Name, Owner(userId), Access);

    /// <inheritdoc cref="ResealAccess"/>
    public string ResealRefresh(long userId, string sealedToken) => envelope.Reseal(sealedToken, mode.Name, Owner(userId), Refresh);

    private Secret Open(long userId, string? sealedToken, string field) =>
        new(envelope.Open(sealedToken ?? throw new CryptographicException("There is no envelope."), mode.Name, Owner(userId), field));

    private static string Owner(long userId) => userId.ToString(CultureInfo.InvariantCulture);
}
