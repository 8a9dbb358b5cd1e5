using Microsoft.AspNetCore.Antiforgery;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>What a slice tells the application: the services it needs and the routes it answers.</summary>
internal interface IFeatureModule
{
    static abstract void AddServices(IServiceCollection services);

    static abstract void AddRoutes(IEndpointRouteBuilder routes);
}

internal static class FeatureModuleExtensions
{
    public static void AddFeature<TFeature>(this WebApplicationBuilder builder)
        where TFeature : IFeatureModule
    {
        TFeature.AddServices(builder.Services);
        builder.Services.AddSingleton(new FeatureRoutes(TFeature.AddRoutes));
    }

    /// <summary>Maps every slice's routes: signed in unless a route says otherwise, nobody but those whom it names, and no
    /// unsafe request without the antiforgery token.</summary>
    public static void MapFeatures(this IEndpointRouteBuilder routes)
    {
        var guarded = routes.MapGroup("").RequireAuthorization().AddEndpointFilter(RouteAccess.CheckAsync).AddEndpointFilter(RequireAntiforgeryAsync);

        // Where a form is bound, the framework refuses by itself and with an empty answer, before the filter can explain.
        // It asks for that as late as it can, so this has to come even later.
        ((IEndpointConventionBuilder)guarded).Finally(endpoint => endpoint.Metadata.Add(new RequireAntiforgeryTokenAttribute(required: false)));
        foreach (var feature in routes.ServiceProvider.GetServices<FeatureRoutes>())
        {
            feature.Map(guarded);
        }
    }

    /// <summary>For a route that another program calls, which has no page of ours, and whose sender it makes sure of itself.</summary>
    public static TBuilder WithoutAntiforgery<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NoAntiforgery());

    // UseAntiforgery refuses only where a form is bound; a bare POST and every DELETE would pass without this.
    private static async ValueTask<object?> RequireAntiforgeryAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        return IsExempt(context.HttpContext) || await HasTokenAsync(context.HttpContext) ? await next(context) : StalePage.Answer(context.HttpContext);
    }

    private static bool IsExempt(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NoAntiforgery>() is not null;

    private static async Task<bool> HasTokenAsync(HttpContext context)
    {
        try
        {
            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            // The form that should hold the token cannot be read.
            return false;
        }
    }

    /// <summary>Marks the routes that take no token.</summary>
    public sealed record NoAntiforgery;

    private sealed record FeatureRoutes(Action<IEndpointRouteBuilder> Map);
}
