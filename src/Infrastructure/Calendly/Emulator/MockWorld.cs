using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Brings the emulator and our own records to the same beginning: every persona as its story says.</summary>
internal sealed class MockWorld(CalendlyEmulator emulator, ITokenStore store, CalendlyGrants grants, People people, ReadCache reads, CalendlyWeather weather, CalendlyResilience resilience, TimeProvider clock)
{
    // Everything that is asked for when a person connects, less the right to cancel.
    private static readonly string[] WithoutCanceling = ["users:read", "event_types:read", "scheduled_events:read"];

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        emulator.Reset();
        reads.Clear();
        weather.Clear();
        await resilience.CloseBreakerAsync(cancellationToken);
        foreach (var persona in Personas.All)
        {
            await PlaceAsync(persona, await people.FindOrAddAsync(persona.UserId, cancellationToken), cancellationToken);
        }

        emulator.ClearJournal();
    }

    private async Task PlaceAsync(Persona persona, long userId, CancellationToken cancellationToken)
    {
        await store.DisconnectAsync(userId, cancellationToken);
        if (persona.Connection == PersonaConnection.None)
        {
            return;
        }

        var grant = persona.Connection switch
        {
            PersonaConnection.Dead => emulator.GrantDead(persona.Key),
            PersonaConnection.CannotCancel => emulator.Grant(persona.Key, WithoutCanceling),
            _ => emulator.Grant(persona.Key),
        };
        await store.ConnectAsync(
            userId,
            new IssuedTokens(grant.AccessToken, grant.RefreshToken, grant.Scopes, grant.AccessExpiresAt - clock.GetUtcNow(), grant.OwnerUri, grant.OrganizationUri),
            cancellationToken);
        if (persona.Connection != PersonaConnection.Dead)
        {
            await grants.ReadProfileAsync(userId, cancellationToken);
        }
    }
}
