namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The account behind an access token, and what it was allowed.</summary>
internal sealed class ApiCaller(Consent consent)
{
    public EmulatedAccount Account => consent.Account;

    /// <summary>The refusal when the scope was not granted, otherwise null.</summary>
    public EmulatorAnswer? Lacks(string scope) => CalendlyScopes.Covers(consent.Scopes, scope) ? null : ApiErrors.ScopeMissing(scope);

    public bool MaySee(EmulatedEvent booked)
    {
        if (booked.IsHostedBy(Account))
        {
            return true;
        }

        return Account.IsOwner && booked.Hosts.Any(host => host.OrganizationId == Account.OrganizationId);
    }

    public bool IsColleagueOf(EmulatedAccount other) => other.OrganizationId == Account.OrganizationId;

    /// <summary>Everybody may change what is theirs, and the owner of an organization what is its members'.</summary>
    public bool MayChange(EmulatedAccount other) => ReferenceEquals(other, Account) || (Account.IsOwner && IsColleagueOf(other));
}
