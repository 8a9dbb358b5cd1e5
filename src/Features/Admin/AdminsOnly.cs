using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Admin;

internal static class AdminsOnly
{
    private static readonly PanelWords Words = new(
        "This connection", string.Empty, string.Empty, "There is no such connection.", "That is not a connection.", "/admin", "Admin");

    /// <summary>Everybody else gets <c>ForbiddenRole</c>, as a panel.</summary>
    public static RouteGroupBuilder ForAdmins(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("");
        group.AddEndpointFilter((context, next) => CurrentUser.Of(context.HttpContext.User) is { Role: Role.Admin }
            ? next(context)
            : ValueTask.FromResult<object?>(Refuse(context.HttpContext)));
        return group;
    }

    public static IResult NotFound(HttpContext http) => TroublePanel.Of(http, new Failure(FailureCode.NotFound), Words, "/admin");

    private static Hypermedia<TroublePanel> Refuse(HttpContext http)
    {
        var failure = new Failure(FailureCode.ForbiddenRole, "Only whoever looks after this application can see this page.");
        http.Response.MarkFailure(failure);
        return Hypermedia.Of(
            "/src/Features/_TroublePanel.cshtml",
            new TroublePanel(new Trouble("forbidden", "For administrators", failure.Message, null, null, null, Words with { BackUrl = "/", BackWords = "Today" }), string.Empty),
            failure.Code.ToStatusCode());
    }
}
