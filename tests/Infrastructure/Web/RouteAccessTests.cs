using System.Security.Claims;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Tests.Infrastructure.Web;

/// <summary>The whole rule of who may call what, in one table.</summary>
public sealed class RouteAccessTests
{
    [Fact]
    public void Every_role_may_do_what_the_table_says_and_nothing_else()
    {
        string[] expected =
        [
            //                 nobody  coach  realtor  admin  delegate; r reads, w writes
            "Anyone            rw      rw     rw       rw     rw",
            "OwnSignIn         -       rw     rw       rw     rw",
            "SignedIn          -       rw     rw       rw     r",
            "Coach             -       rw     -        -      -",
            "CoachOrDelegate   -       rw     -        -      r",
            "Booker            -       rw     rw       -      -",
            "Admin             -       -      -        rw     -",
        ];

        Role?[] roles = [null, Role.Coach, Role.Realtor, Role.Admin, Role.Delegate];
        var actual = Enum.GetValues<Access>().Select(access => string.Join(' ', roles.Select(role => May(access, role)).Prepend(access.ToString())));

        Assert.Equal(expected.Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries))), actual);
    }

    [Fact]
    public void A_delegate_of_nobody_is_nobody()
    {
        var ofNobody = new CurrentUser(7, "Dora", Role.Delegate);
        var coachWithCoach = new CurrentUser(7, "Dora", Role.Coach, new WatchedCoach(1, "Ana"));
        var whole = new CurrentUser(7, "Dora", Role.Delegate, new WatchedCoach(1, "Ana"));

        Assert.Null(CurrentUser.Of(ofNobody.ToPrincipal("test")));
        Assert.Null(CurrentUser.Of(coachWithCoach.ToPrincipal("test")));
        Assert.Null(CurrentUser.Of(new ClaimsPrincipal()));
        Assert.Equal(whole, CurrentUser.Of(whole.ToPrincipal("test")));
    }

    private static string May(Access access, Role? role) =>
        (RouteAccess.Allows(access, role, isRead: true), RouteAccess.Allows(access, role, isRead: false)) switch
        {
            (true, true) => "rw",
            (true, false) => "r",
            (false, true) => "w",
            _ => "-",
        };
}
