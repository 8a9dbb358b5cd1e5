using System.Globalization;
using System.Security.Claims;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>What a signed-in person may do. A coach holds sessions, a realtor books them, an admin looks after the rest, and
/// a delegate sees one coach's pages and changes nothing.</summary>
internal enum Role
{
    Coach,
    Realtor,
    Admin,
    Delegate,
}

/// <summary>The coach at whose calendar a delegate looks.</summary>
internal sealed record WatchedCoach(long Id, string Name);

/// <summary>The signed-in person behind a request; a route takes it as a parameter.</summary>
/// <param name="Id">The <c>id</c> of the row in the <c>User</c> table.</param>
/// <param name="Name">How the person is greeted.</param>
/// <param name="Coach">Set for a delegate, and for nobody else.</param>
internal sealed record CurrentUser(long Id, string Name, Role Role, WatchedCoach? Coach = null)
{
    private const string IdClaim = "sub";
    private const string NameClaim = "name";
    private const string RoleClaim = "role";
    private const string CoachClaim = "coach";
    private const string CoachNameClaim = "coach_name";

    /// <summary>Whose Calendly connection, and whose records, this person's requests are about.</summary>
    public long ConnectionOwnerId => Coach?.Id ?? Id;

    /// <summary>True for a coach, and for whoever looks on a coach's behalf.</summary>
    public bool SeesCalendar => Role is Role.Coach or Role.Delegate;

    /// <summary>Null when nobody is signed in.</summary>
    public static CurrentUser? Of(ClaimsPrincipal principal)
    {
        if (principal.FindFirstValue(IdClaim) is not { } id || !Enum.TryParse<Role>(principal.FindFirstValue(RoleClaim), out var role))
        {
            return null;
        }

        var coach = principal.FindFirstValue(CoachClaim) is { } coachId
            ? new WatchedCoach(long.Parse(coachId, CultureInfo.InvariantCulture), principal.FindFirstValue(CoachNameClaim) ?? string.Empty)
            : null;

        // A delegate of nobody would be looked up as the owner of a connection.
        return role == Role.Delegate == coach is not null
            ? new CurrentUser(long.Parse(id, CultureInfo.InvariantCulture), principal.FindFirstValue(NameClaim) ?? string.Empty, role, coach)
            : null;
    }

    // Minimal APIs call this to fill a route's parameter.
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    public ClaimsPrincipal ToPrincipal(string scheme)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(IdClaim, Id.ToString(CultureInfo.InvariantCulture)),
                new Claim(NameClaim, Name),
                new Claim(RoleClaim, Role.ToString()),
            ],
            scheme,
            NameClaim,
            RoleClaim);
        if (Coach is not null)
        {
            identity.AddClaim(new Claim(CoachClaim, Coach.Id.ToString(CultureInfo.InvariantCulture)));
            identity.AddClaim(new Claim(CoachNameClaim, Coach.Name));
        }

        return new ClaimsPrincipal(identity);
    }
}

internal static class CurrentUserExtensions
{
    /// <summary>For views: false where what changes something is left out, because its route would refuse.</summary>
    public static bool MayChange(this ClaimsPrincipal principal) => CurrentUser.Of(principal) is not { Role: Role.Delegate };
}
