using CalendlySlices.Infrastructure.Identity.Providers;

namespace CalendlySlices.Features.SignIn;

/// <summary>A way in that is not offered is not there.</summary>
internal sealed class OnlyBy(SignInWay way) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<SignInProvider>().Ways.Contains(way)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.NotFound());
}
