using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Brings the emulator and our own records to the same beginning: every persona as its story says.</summary>
internal sealed class MockWorld(CalendlyEmulator emulator, ITokenStore store, CalendlyGrants grants, People people, Delegations delegations, ListedEventTypes listings, CoachCards cards, MockBookings bookings, DbDataSource database, ReadCache reads, CalendlyWeather weather, CallRecords records, CalendlyResilience resilience, TimeProvider clock)
{
    // Everything that is asked for when a person connects, less the right to cancel.
    private static readonly string[] WithoutCanceling =
        [.. RequestedScopes.All.Select(scope => scope == "scheduled_events:write" ? "scheduled_events:read" : scope)];

    // What the coaches show to realtors; Olu shows nothing.
    private static readonly (string Persona, string Slug, string Name, int Minutes)[] Listed =
    [
        ("ana", "discovery-call", "Discovery call", 30),
        ("ana", "listing-strategy", "Listing strategy", 45),
        ("ana", "deep-dive", "Deep-dive coaching", 60),
        ("priya", "circle", "Coaching circle", 90),
        ("priya", "one-to-one", "One to one", 45),
        ("tom", "chat", "Half-hour chat", 30),
    ];

    // Who has agreed to be listed; Mei has, and has never connected.
    private static readonly (string Persona, string[] Tags, string[] Languages, string About)[] Cards =
    [
        ("ana", ["Listings", "Negotiation", "First-time sellers"], ["English", "Spanish"], "I help agents price with confidence and win the listing without cutting the fee."),
        ("priya", ["Mindset", "Time management", "Teams"], ["English", "Hindi"], "Small circles and quiet hours: habits that survive a busy spring."),
        ("tom", ["Commercial", "Negotiation"], ["English"], "Thirty years of leases, told in half an hour."),
        ("mei", ["Luxury homes", "Marketing"], ["English", "Japanese"], "Stories, staging and photographs that sell."),
    ];

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        emulator.Reset();
        await emulator.Webhooks.IdleAsync(cancellationToken);
        reads.Clear();
        weather.Clear();
        await resilience.CloseBreakerAsync(cancellationToken);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            // What people have made here themselves, and what happened to connections that no longer exist.
            await connection.ExecuteAsync("DELETE FROM single_use_link; DELETE FROM idempotency_key; DELETE FROM pending_revocation; DELETE FROM token_event; DELETE FROM webhook_delivery; DELETE FROM notice; DELETE FROM page_change; DELETE FROM webhook_subscription");
        }

        await cards.ClearAsync(cancellationToken);
        foreach (var persona in Personas.All)
        {
            var userId = await people.FindOrAddAsync(persona.UserId, cancellationToken);
            await PlaceAsync(persona, userId, cancellationToken);
            await ListAsync(persona, userId, cancellationToken);
        }

        await delegations.BeginAsync(await DelegatesAsync(cancellationToken), cancellationToken);
        await bookings.BeginAsync(cancellationToken);
        emulator.ClearJournal();
        records.Clear();
    }

    private async Task<IReadOnlyList<(long CoachId, long UserId, string Name)>> DelegatesAsync(CancellationToken cancellationToken)
    {
        var delegates = new List<(long CoachId, long UserId, string Name)>();
        foreach (var persona in Personas.All)
        {
            if (Personas.Find(persona.DelegateOf) is { } coach)
            {
                delegates.Add((
                    await people.FindOrAddAsync(coach.UserId, cancellationToken), await people.FindOrAddAsync(persona.UserId, cancellationToken), persona.Name));
            }
        }

        return delegates;
    }

    private async Task PlaceAsync(Persona persona, long userId, CancellationToken cancellationToken)
    {
        await store.DisconnectAsync(userId, cancellationToken, revoke: false);
        if (persona.Connection == PersonaConnection.None)
        {
            return;
        }

        var grant = persona.Connection switch
        {
            PersonaConnection.Dead => emulator.GrantDead(persona.Key),
            PersonaConnection.CannotCancel => emulator.Grant(persona.Key, WithoutCanceling),
            _ => emulator.Grant(persona.Key, [.. RequestedScopes.All]),
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

    private async Task ListAsync(Persona persona, long userId, CancellationToken cancellationToken)
    {
        foreach (var id in (await listings.ChosenByAsync(userId, cancellationToken)).Ids)
        {
            await listings.HideAsync(userId, id, cancellationToken);
        }

        foreach (var (_, slug, name, minutes) in Listed.Where(listed => listed.Persona == persona.Key))
        {
            await listings.ShowAsync(userId, EmulatedIds.EventType(persona.Key, slug), name, minutes, cancellationToken);
        }

        foreach (var (_, tags, languages, about) in Cards.Where(card => card.Persona == persona.Key))
        {
            var email = $"{persona.Key}@slices-coaching.example";
            await cards.SaveAsync(userId, new CardText(persona.Name, email, persona.Zone, tags, languages, about, IsListed: true), cancellationToken);
        }
    }
}
