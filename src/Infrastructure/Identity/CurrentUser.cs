using System.Globalization;
using System.Security.Claims;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>What a signed-in person may do. A coach holds sessions, a realtor books them, an admin looks after the rest.</summary>
internal enum Role
{
    Coach,
    Realtor,
    Admin,
}

/// <summary>The signed-in person behind a request; a route takes it as a parameter.</summary>
/// <param name="Id">The <c>id</c> of the row in the <c>User</c> table; also the owner of the Calendly connection.</param>
/// <param name="Name">How the person is greeted.</param>
internal sealed record CurrentUser(long Id, string Name, Role Role)
{
    private const string IdClaim = "sub";
    private const string NameClaim = "name";
    private const string RoleClaim = "role";

    /// <summary>Null when nobody is signed in.</summary>
    public static CurrentUser? Of(ClaimsPrincipal principal) =>
        principal.FindFirstValue(IdClaim) is { } id && Enum.TryParse<Role>(principal.FindFirstValue(RoleClaim), out var role)
            ? new CurrentUser(long.Parse(id, CultureInfo.InvariantCulture), principal.FindFirstValue(NameClaim) ?? string.Empty, role)
            : null;

    // Minimal APIs call this to fill a route's parameter.
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new Claim(IdClaim, Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(NameClaim, Name),
            new Claim(RoleClaim, Role.ToString()),
        ],
        scheme,
        NameClaim,
        RoleClaim));
}
