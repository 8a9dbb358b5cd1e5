namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What an account allowed a client, and every token that came of it.</summary>
internal sealed class Consent(EmulatedAccount account, string clientId, IReadOnlyList<string> scopes)
{
    public EmulatedAccount Account => account;

    public string ClientId => clientId;

    public IReadOnlyList<string> Scopes => scopes;

    public List<LedgerToken> Tokens { get; } = [];

    public void Revoke()
    {
        foreach (var token in Tokens)
        {
            token.IsRevoked = true;
        }
    }
}
