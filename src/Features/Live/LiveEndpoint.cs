using System.Net;
using System.Net.Sockets;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Http.Features;

namespace CalendlySlices.Features.Live;

internal sealed class LiveEndpoint : IFeatureModule
{
    private const string StreamType = "text/event-stream";

    public static void AddServices(IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration("Live");
        services.AddSingleton<LiveStreams>().AddSingleton<LiveHandler>().AddSingleton<LiveValidator>();
    }

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        // Whoever is not signed in is told so in the stream's own way: hx-sse takes every refusal for an outage, and comes back for ever.
        routes.MapGet("/live", StreamAsync).For(Access.Anyone);
        routes.MapGet("/live/since", SinceAsync).For(Access.Anyone);
        routes.MapGet("/live/word", WordAsync).For(Access.CoachOrDelegate);
    }

    private static async Task<IResult> StreamAsync(string? since, LiveValidator validator, LiveStreams streams, LiveHandler handler, SignInProvider provider, HttpContext http)
    {
        var query = new LiveQuery(since, http.Request.Headers["Last-Event-ID"]);
        if (validator.Problem(query) is { } problem)
        {
            return Refuse(http, problem);
        }

        if (CurrentUser.Of(http.User) is not { } user)
        {
            await Begin(http)(Expired(query, provider).ToBytes());
            return Results.Empty;
        }

        var reader = new LiveReader(user.Id, user.ConnectionOwnerId, SessionTickets.KeyOf(http), Address(http.Connection.RemoteIpAddress));
        if (!streams.Open(reader).Succeeded(out var stream, out var refusal))
        {
            return Refuse(http, refusal);
        }

        try
        {
            await handler.RunAsync(stream, query.After, Begin(http), http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page is gone.
        }

        return Results.Empty;
    }

    private static async Task<IResult> SinceAsync(string? after, LiveValidator validator, LiveHandler handler, SignInProvider provider, HttpContext http, CancellationToken cancellationToken)
    {
        var query = new LiveQuery(after, null);
        if (validator.Problem(query) is { } problem)
        {
            return Refuse(http, problem);
        }

        var (events, last) = CurrentUser.Of(http.User) is { } user
            ? await handler.ReadAsync(user.ConnectionOwnerId, query.After, cancellationToken)
            : ([Expired(query, provider)], query.After);
        return Results.Json(new { last, events });
    }

    private static async Task<IResult> WordAsync(CurrentUser user, HttpContext http, CancellationToken cancellationToken) =>
        Hypermedia.Of("Live/_LiveWord", await LiveWord.FindAsync(http.RequestServices, user, cancellationToken));

    private static LiveEvent Expired(LiveQuery query, SignInProvider provider) =>
        new(query.After, LiveEvent.SessionExpired, provider.RenewsByPage ? LiveEvent.Token : null);

    // The headers go with the first event.
    private static Func<byte[], Task> Begin(HttpContext http)
    {
        http.Response.ContentType = StreamType;
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        return async bytes =>
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        };
    }

    private static IResult Refuse(HttpContext http, Failure failure)
    {
        http.Response.MarkFailure(failure);
        return Results.Text(failure.Message, "text/plain", statusCode: failure.Code.ToStatusCode());
    }

    // One subscriber of IPv6 has all of a /64.
    private static string? Address(IPAddress? address) =>
        address is null ? null
        : address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
        : address.MapToIPv4().ToString();
}
