using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>All codes and tokens ever issued in one world. Not thread-safe: the emulator's lock guards it.</summary>
internal sealed class TokenLedger(DateTimeOffset worldStart)
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(2);

    private readonly Dictionary<string, LedgerCode> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerToken> _tokens = new(StringComparer.Ordinal);
    private readonly List<Consent> _consents = [];
    private long _issued;

    public LedgerToken? Token(string text) => _tokens.GetValueOrDefault(text);

    public IEnumerable<LedgerToken> TokensOf(EmulatedAccount account) => _consents.Where(consent => consent.Account.Id == account.Id).SelectMany(consent => consent.Tokens);

    public LedgerCode? Code(string text) => _codes.GetValueOrDefault(text);

    public Consent AddConsent(EmulatedAccount account, string clientId, IReadOnlyList<string> scopes, bool endsEarlier)
    {
        if (endsEarlier)
        {
            foreach (var earlier in _consents.Where(consent => consent.Account.Id == account.Id && consent.ClientId == clientId))
            {
                earlier.Revoke();
            }
        }

        var consent = new Consent(account, clientId, scopes);
        _consents.Add(consent);
        return consent;
    }

    public string AddCode(Consent consent, string redirectUri, string challenge, DateTimeOffset now)
    {
        var text = NewText("code", consent.Account);
        _codes.Add(text, new LedgerCode(consent, redirectUri, challenge, now + CodeLifetime));
        return text;
    }

    public (LedgerToken Access, LedgerToken Refresh) AddPair(Consent consent, DateTimeOffset issuedAt)
    {
        var access = new LedgerToken(NewText("at", consent.Account), consent, issuedAt, issuedAt + AccessLifetime);
        var refresh = new LedgerToken(NewText("rt", consent.Account), consent, issuedAt, null);
        foreach (var token in (LedgerToken[])[access, refresh])
        {
            consent.Tokens.Add(token);
            _tokens.Add(token.Text, token);
        }

        return (access, refresh);
    }

    // The account and the world's start are part of it, so that a token kept from an earlier run never opens another account.
    private string NewText(string kind, EmulatedAccount account)
    {
        var seed = string.Create(CultureInfo.InvariantCulture, $"{kind}/{account.Id}/{worldStart.UtcTicks}/{++_issued}");
        return $"mock_{kind}_{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(seed)))}";
    }
}
