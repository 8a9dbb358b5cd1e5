using System.Collections.Concurrent;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>The person whom a verified token names.</summary>
internal sealed class TokenPeople(TokenProvider provider, People people)
{
    private const int Remembered = 10_000;
    private const int LongestName = 100;

    private static readonly Dictionary<string, Role> Roles = new(StringComparer.Ordinal)
    {
        ["coach"] = Role.Coach,
        ["realtor"] = Role.Realtor,
        ["admin"] = Role.Admin,
    };

    // A row's id never changes, and a token comes with every request.
    private readonly ConcurrentDictionary<string, long> _ids = new(StringComparer.Ordinal);

    /// <summary>The provider's <c>sub</c>, as it is, names the row; without a role that we know, a person is a realtor,
    /// who may do the least.</summary>
    public async Task<CurrentUser> OfAsync(JsonElement claims, CancellationToken cancellationToken) => new(
        await IdAsync(claims.Text("sub")!, cancellationToken),
        Name(claims),
        provider.RoleIn(claims) is { } role ? Roles.GetValueOrDefault(role, Role.Realtor) : Role.Realtor);

    private async Task<long> IdAsync(string subject, CancellationToken cancellationToken)
    {
        if (_ids.TryGetValue(subject, out var id))
        {
            return id;
        }

        id = await people.FindOrAddAsync(subject, cancellationToken);
        if (_ids.Count >= Remembered)
        {
            _ids.Clear();
        }

        return _ids[subject] = id;
    }

    private static string Name(JsonElement claims) =>
        new[] { claims.Text("name"), claims.Text("email")?.Split('@')[0] }
            .Select(name => name?.Trim())
            .FirstOrDefault(name => name is { Length: > 0 and <= LongestName }) ?? "You";
}
