using System.Data.Common;
using System.Globalization;
using System.Text;
using Dapper;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>The coaches' own cards, listed or not.</summary>
internal sealed class CoachCards(DbDataSource database, TimeProvider clock)
{
    private const int LongestSlug = 60;

    private const string Update =
        """
        UPDATE coach_card
           SET name = @Name, email = @Email, timezone = @Timezone, tags = @tags, languages = @languages, about = @About,
               listed_at = CASE WHEN @IsListed THEN coalesce(listed_at, @now) END
         WHERE user_id = @userId
        """;

    private const string Insert =
        """
        INSERT INTO coach_card (user_id, slug, name, email, timezone, tags, languages, about, listed_at)
        VALUES (@userId, @slug, @Name, @Email, @Timezone, @tags, @languages, @About, CASE WHEN @IsListed THEN @now END)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Null when this person has never written one.</summary>
    public async Task<CardText?> FindAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            """
            SELECT slug AS Slug, name AS Name, email AS Email, timezone AS Timezone, tags AS Tags, languages AS Languages, about AS About,
                   listed_at AS ListedAt
              FROM coach_card WHERE user_id = @userId
            """,
            new { userId });
        return row is null
            ? null
            : new CardText(row.Name, row.Email, row.Timezone, CardText.Split(row.Tags), CardText.Split(row.Languages), row.About, row.ListedAt is not null)
            {
                Slug = row.Slug,
            };
    }

    /// <summary>Keeps the card. The first time, it gets a slug from the coach's name; later names leave the slug alone, since
    /// others have its address.</summary>
    public async Task SaveAsync(long userId, CardText card, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var stem = SlugOf(card.Name);
        for (var attempt = 1; ; attempt++)
        {
            var parameters = new
            {
                userId,
                slug = attempt == 1 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}-{attempt}"),
                card.Name,
                card.Email,
                card.Timezone,
                tags = CardText.Join(card.Tags),
                languages = CardText.Join(card.Languages),
                card.About,
                card.IsListed,
                now = clock.GetUtcNow(),
            };

            // An insert that does nothing has met this person's own row, or somebody else's slug.
            if (await connection.ExecuteAsync(Update, parameters) == 1 || await connection.ExecuteAsync(Insert, parameters) == 1)
            {
                return;
            }
        }
    }

    /// <summary>Takes the card off the list and keeps what is on it.</summary>
    public async Task HideAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("UPDATE coach_card SET listed_at = NULL WHERE user_id = @userId", new { userId });
    }

    /// <summary>As a mock world begins: nobody has a card.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM coach_card");
    }

    /// <summary>Lower-case letters a to z, digits and single hyphens.</summary>
    public static string SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in PlainLetters.Of(name))
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == LongestSlug)
            {
                break;
            }
        }

        var found = slug.ToString().TrimEnd('-');

        // Addresses that are taken already.
        return found is "" or "compare" or "soonest" ? $"coach-{found}".TrimEnd('-') : found;
    }

    private sealed record Row(
        string Slug, string Name, string? Email, string Timezone, string Tags, string Languages, string About, DateTimeOffset? ListedAt);
}
