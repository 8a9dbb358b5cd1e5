using System.Data.Common;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>A coach who has agreed to be listed.</summary>
/// <param name="Slug">Names the coach in addresses; stable, lower-case letters, digits, hyphens.</param>
/// <param name="Timezone">IANA.</param>
/// <param name="SchedulingUrl">The coach's own page at Calendly; null where not known.</param>
/// <param name="Email">Where to ask a coach who cannot be booked here; null where the coach gives none.</param>
/// <param name="CanBeBooked">From our own records: connected, and with something to book.</param>
/// <param name="EventTypes">What the coach shows, by name. Empty while there is no connection.</param>
internal sealed record ListedCoach(
    long UserId,
    string Slug,
    string Name,
    string Timezone,
    string? SchedulingUrl,
    string? Email,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Languages,
    string About,
    bool CanBeBooked,
    IReadOnlyList<ListedEventType> EventTypes)
{
    /// <summary>True when there was a connection that no longer serves.</summary>
    public bool HasToReconnect { get; init; }
}

/// <summary>The coaches whom realtors may see. Reads our own records only.</summary>
internal sealed class ListedCoaches(DbDataSource database, ListedEventTypes eventTypes)
{
    private const string Select =
        $"""
        SELECT card.user_id AS UserId, card.slug AS Slug, card.name AS Name, card.email AS Email,
               coalesce(connection.profile_timezone, card.timezone) AS Timezone, card.tags AS Tags, card.languages AS Languages,
               card.about AS About, connection.profile_scheduling_url AS SchedulingUrl, connection.status AS Status,
               connection.profile_name AS ProfileName
        FROM coach_card card
        LEFT JOIN calendly_connection connection
          ON connection.user_id = card.user_id AND connection.status <> '{ConnectionRow.Disconnected}'
        WHERE card.listed_at IS NOT NULL
        """;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<ListedCoach>> AllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var cards = await connection.QueryAsync<Card>(Select);
        var shown = (await eventTypes.AllAsync(cancellationToken)).ToLookup(type => type.OwnerId);
        return [.. cards
            .Select(card => card.ToCoach([.. shown[card.UserId]]))
            .OrderBy(coach => coach.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(coach => coach.Slug, StringComparer.Ordinal)];
    }

    /// <summary>Null when no listed coach has this name in addresses.</summary>
    public async Task<ListedCoach?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var card = await connection.QuerySingleOrDefaultAsync<Card>($"{Select} AND card.slug = @slug", new { slug });
        return card?.ToCoach(await eventTypes.OfAsync(card.UserId, cancellationToken));
    }

    private sealed record Card(
        long UserId, string Slug, string Name, string? Email, string Timezone, string Tags, string Languages, string About,
        string? SchedulingUrl, string? Status, string? ProfileName)
    {
        public ListedCoach ToCoach(IReadOnlyList<ListedEventType> types)
        {
            // Whoever Calendly has not named yet has a connection that never worked.
            var isConnected = Status is ConnectionRow.Connected or ConnectionRow.Degraded && ProfileName is not null;
            return new ListedCoach(
                UserId, Slug, Name, Timezone, SchedulingUrl, Email, CardText.Split(Tags), CardText.Split(Languages), About,
                isConnected && types.Count > 0, types)
            {
                HasToReconnect = Status is not null && !isConnected,
            };
        }
    }
}
