using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>Who may call a route.</summary>
internal enum Access
{
    /// <summary>Whoever comes, signed in or not.</summary>
    Anyone,

    /// <summary>Everybody signed in, about their own sign-in: the only writes that a delegate may make.</summary>
    OwnSignIn,

    /// <summary>Everybody signed in; a delegate reads.</summary>
    SignedIn,

    Coach,

    /// <summary>A coach; a coach's delegate reads.</summary>
    CoachOrDelegate,

    /// <summary>Whoever books sessions: realtors, and coaches with other coaches.</summary>
    Booker,

    Admin,
}

/// <summary>What a route says about who may call it, and how it refuses the others: null leaves that to the error page.</summary>
internal sealed record RouteAccess(Access Access, Func<HttpContext, Failure, IResult>? Refuse = null)
{
    /// <summary>Said to those whose role does not reach it; null for the usual sentence.</summary>
    public string? WhyNot { get; init; }

    /// <summary>The one place that decides. A route that says nothing is open to nobody.</summary>
    public static ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var route = http.GetEndpoint()?.Metadata.GetMetadata<RouteAccess>()
            ?? throw new InvalidOperationException($"{http.GetEndpoint()?.DisplayName} does not say who may call it.");
        var user = CurrentUser.Of(http.User);
        return Allows(route.Access, user?.Role, IsRead(http.Request.Method)) ? next(context) : ValueTask.FromResult<object?>(route.Refusal(http, user));
    }

    /// <param name="role">Null for nobody.</param>
    /// <param name="isRead">The request changes nothing.</param>
    public static bool Allows(Access access, Role? role, bool isRead) => access switch
    {
        Access.Anyone => true,
        Access.OwnSignIn => role is not null,
        Access.SignedIn => role is not null && (isRead || role != Role.Delegate),
        Access.Coach => role == Role.Coach,
        Access.CoachOrDelegate => role == Role.Coach || (isRead && role == Role.Delegate),
        Access.Booker => role is Role.Realtor or Role.Coach,
        Access.Admin => role == Role.Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(access), access, null),
    };

    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private IResult Refusal(HttpContext http, CurrentUser? user)
    {
        if (user is null)
        {
            return Results.Challenge();
        }

        var why = user.Coach is { } coach ? $"You can look, not change. Ask {coach.Name} to do this." : WhyNot ?? FailureCode.ForbiddenRole.DefaultMessage();
        var failure = new Failure(FailureCode.ForbiddenRole, why);
        return http.Request.Path.StartsWithSegments("/api") ? Api.Fail(failure)
            : Refuse is not null ? Refuse(http, failure)
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }
}

internal static class RouteAccessExtensions
{
    /// <summary>Says who may call the routes. Where a group and a route in it both speak, the route is heard.</summary>
    public static TBuilder For<TBuilder>(this TBuilder routes, Access access, Func<HttpContext, Failure, IResult>? refuse = null)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.WithMetadata(new RouteAccess(access, refuse));
        return access == Access.Anyone ? routes.AllowAnonymous() : routes;
    }

    /// <summary>The same, refusing with a panel.</summary>
    public static TBuilder For<TBuilder>(this TBuilder routes, Access access, PanelWords words)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new RouteAccess(
            access,
            // There is nothing of the kind to go back to.
            (http, failure) => TroublePanel.Of(http, failure, words with { BackUrl = "/", BackWords = "Today" }, "/"))
        {
            WhyNot = words.WhyNotYou,
        });
}
