using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Identity;

internal enum GrantOutcome
{
    Connected,

    /// <summary>The person is connected as somebody else at Calendly and has to choose; the new grant waits.</summary>
    OtherAccount,

    /// <summary>The Calendly user is connected to another person here; the new grant was revoked.</summary>
    InUse,
}

/// <summary>What becomes of a new grant: a connection of the signed-in person, or a sign-in by itself. Every grant ends
/// stored or revoked.</summary>
internal sealed class CalendlyGrants(ITokenStore store, PendingSwitches switches, People people, ICalendlyOAuth oauth, CalendlyApiFor apiFor)
{
    public async Task<GrantOutcome> ConnectAsync(long userId, IssuedTokens tokens)
    {
        var current = await store.ReadAsync(userId, CancellationToken.None);
        if (current is not null && current.Connection.CalendlyUserUri != tokens.OwnerUri)
        {
            await switches.KeepAsync(userId, tokens);
            return GrantOutcome.OtherAccount;
        }

        return await StoreAsync(userId, tokens);
    }

    /// <summary>Replaces the connected account by the one that waits, and revokes the old grant. Null when none waits.</summary>
    public async Task<GrantOutcome?> SwitchAsync(long userId)
    {
        if (await switches.TakeAsync(userId) is not { } tokens)
        {
            return null;
        }

        var old = await store.ReadAsync(userId, CancellationToken.None);
        var outcome = await StoreAsync(userId, tokens);
        if (outcome == GrantOutcome.Connected && old is not null)
        {
            await RevokeAsync(old.RefreshToken, old.AccessToken);
        }

        return outcome;
    }

    /// <summary>Throws away the grant that waits.</summary>
    public async Task KeepOldAsync(long userId)
    {
        if (await switches.TakeAsync(userId) is { } tokens)
        {
            await RevokeAsync(tokens.RefreshToken, tokens.AccessToken);
        }
    }

    /// <summary>Signs in as the owner of the grant, who is found by Calendly's URI, never by mail. Null when Calendly does
    /// not say who that is; the grant is then revoked.</summary>
    public async Task<CurrentUser?> SignInAsync(IssuedTokens tokens)
    {
        var userId = await people.FindOrAddAsync(tokens.OwnerUri, CancellationToken.None);
        if (await StoreAsync(userId, tokens) == GrantOutcome.Connected
            && await ReadProfileAsync(userId, CancellationToken.None) is { } profile)
        {
            return new CurrentUser(userId, profile.Name, Role.Coach);
        }

        await DisconnectAsync(userId);
        return null;
    }

    /// <summary>Asks Calendly who the connected user is, and keeps the answer. Null when Calendly does not say.</summary>
    public async Task<CalendlyProfile?> ReadProfileAsync(long userId, CancellationToken cancellationToken)
    {
        var answer = await apiFor(new ConnectionOwner(userId)).GetCurrentUserAsync(cancellationToken);
        if (!answer.Succeeded(out var user, out _))
        {
            return null;
        }

        var profile = new CalendlyProfile(user.Name, user.Email, user.Timezone, user.SchedulingUrl);
        await store.KeepProfileAsync(userId, profile, cancellationToken);
        return profile;
    }

    /// <summary>Forgets the pair at once, then revokes it. False when Calendly did not confirm the revocation.</summary>
    public async Task<bool> DisconnectAsync(long userId) =>
        await store.DisconnectAsync(userId, CancellationToken.None) is not { } old
        || await RevokeAsync(old.RefreshToken, old.AccessToken);

    private async Task<GrantOutcome> StoreAsync(long userId, IssuedTokens tokens)
    {
        try
        {
            if (await store.ConnectAsync(userId, tokens, CancellationToken.None) is not null)
            {
                return GrantOutcome.Connected;
            }
        }
        catch (Exception)
        {
            // A grant that could not be stored must not live on at Calendly with nobody to look after it.
            await RevokeAsync(tokens.RefreshToken, tokens.AccessToken);
            throw;
        }

        await RevokeAsync(tokens.RefreshToken, tokens.AccessToken);
        return GrantOutcome.InUse;
    }

    private async Task<bool> RevokeAsync(Secret? refreshToken, Secret accessToken)
    {
        var refreshGone = refreshToken is null || await oauth.RevokeAsync(refreshToken, CancellationToken.None);
        return await oauth.RevokeAsync(accessToken, CancellationToken.None) && refreshGone;
    }
}
