using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

internal static class CoachesOnly
{
    /// <summary>Everybody but coaches gets <c>ForbiddenRole</c>: the envelope under <c>/api</c>, otherwise a panel.</summary>
    public static RouteGroupBuilder ForCoaches(this IEndpointRouteBuilder routes, PanelWords words)
    {
        var group = routes.MapGroup("");
        group.AddEndpointFilter((context, next) => CurrentUser.Of(context.HttpContext.User) is { Role: Role.Coach }
            ? next(context)
            : ValueTask.FromResult<object?>(Refuse(context.HttpContext, words)));
        return group;
    }

    private static IResult Refuse(HttpContext http, PanelWords words)
    {
        var failure = new Failure(FailureCode.ForbiddenRole);

        // There is nothing of the kind to go back to.
        return http.Request.Path.StartsWithSegments("/api")
            ? Api.Fail(failure)
            : TroublePanel.Of(http, failure, words with { BackUrl = "/", BackWords = "Today" }, "/");
    }
}
