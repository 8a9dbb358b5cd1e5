using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Infrastructure.Webhooks;
using Microsoft.AspNetCore.Diagnostics;

namespace CalendlySlices.Features.Webhooks;

internal sealed class WebhooksEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<WebhooksHandler>();
        services.AddSingleton<WebhooksValidator>();
        services.AddSingleton<EnvelopeValidator>();
        services.AddScoped<DeliveriesHandler>();
        services.AddSingleton<DeliveriesValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/webhooks/calendly", ReceiveAsync).For(Access.Anyone).WithoutAntiforgery();

        var admins = routes.MapGroup("").For(Access.Admin, AdminsOnly.Refuse);
        admins.MapGet("/admin/deliveries", ListAsync);
        admins.MapPost("/admin/deliveries/{id}/replay", ReplayAsync);
    }

    private static async Task<IResult> ReceiveAsync(HttpContext http, WebhooksHandler handler)
    {
        // Calendly reads nothing but the status; a page would be wasted on it.
        if (http.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        var status = await handler.HandleAsync(
            new WebhookRequest(http.Request.Headers[WebhookSignature.Header], DeliveryBody.Of(http), http.Connection.RemoteIpAddress), http.RequestAborted);
        switch (status)
        {
            case StatusCodes.Status413PayloadTooLarge:
                // What is still on its way is not worth reading.
                http.Response.Headers.Connection = "close";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                http.Response.Headers.RetryAfter = "60";
                break;
        }

        return Results.StatusCode(status);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] DeliveriesQuery query, DeliveriesHandler handler, DeliveriesValidator validator, ReaderZone zone, HttpResponse response, CancellationToken cancellationToken)
    {
        if (validator.Problem(query) is not { } problem)
        {
            return Hypermedia.Of("Webhooks/_Deliveries", await handler.HandleAsync(query, zone.Zone, cancellationToken));
        }

        response.MarkFailure(problem);
        var page = await handler.HandleAsync(new DeliveriesQuery(), zone.Zone, cancellationToken);
        return Hypermedia.Of("Webhooks/_Deliveries", page with { Problem = problem.Fields[0].Message }, problem.Code.ToStatusCode());
    }

    private static async Task<IResult> ReplayAsync(string id, DeliveriesHandler handler, ReaderZone zone, HttpContext http, CancellationToken cancellationToken) =>
        await handler.ReplayAsync(id, zone.Zone, cancellationToken) is { } line
            ? Hypermedia.Of("Webhooks/_Delivery", line)
            : TroublePanel.Of(http, new Failure(FailureCode.NotFound), DeliveryWords.Panel, "/admin/deliveries");
}
