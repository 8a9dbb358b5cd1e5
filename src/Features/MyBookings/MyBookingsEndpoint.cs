using System.Text;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.MyBookings;

internal sealed class MyBookingsEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<MyBookingsHandler>()
        .AddSingleton<MyBookingsValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        // Not that anything is framed here: the script that notices who comes back from Calendly is the same.
        var bookers = routes.MapGroup("/bookings").For(Access.Booker, MyBookingsWords.Page).WithBookingDialog();
        bookers.MapGet("", ListAsync);
        bookers.MapGet("/news", NewsAsync);
        bookers.MapGet("/{id}", OneAsync);
        bookers.MapGet("/{id}/row", RowAsync);
        bookers.MapGet("/{id}/calendar.ics", CalendarAsync);
    }

    private static async Task<IResult> ListAsync(CurrentUser user, ReaderZone zone, MyBookingsHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("MyBookings/_Bookings", await handler.ListAsync(user, zone.Zone, cancellationToken));

    private static async Task<IResult> OneAsync(
        string id, CurrentUser user, ReaderZone zone, MyBookingsValidator validator, MyBookingsHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        await LookAsync("MyBookings/_One", new BookingIdQuery(user, id), zone, validator, handler, http, cancellationToken);

    private static async Task<IResult> RowAsync(
        string id, CurrentUser user, ReaderZone zone, MyBookingsValidator validator, MyBookingsHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        await LookAsync("MyBookings/_Row", new BookingIdQuery(user, id), zone, validator, handler, http, cancellationToken);

    private static async Task<IResult> LookAsync(
        string view, BookingIdQuery query, ReaderZone zone, MyBookingsValidator validator, MyBookingsHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        Result<BookingRow> result = validator.Problem(query) is { } problem ? problem : await handler.LookAsync(query, zone.Zone, cancellationToken);
        return result.Succeeded(out var row, out var failure) ? Hypermedia.Of(view, row) : TroublePanel.Of(http, failure, MyBookingsWords.Page, "/bookings");
    }

    private static async Task<IResult> CalendarAsync(
        string id, CurrentUser user, MyBookingsValidator validator, MyBookingsHandler handler, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        var query = new BookingIdQuery(user, id);
        Result<BookingAttempt> result = validator.Problem(query) is { } problem ? problem : await handler.BookedAsync(query, cancellationToken);
        return result.Succeeded(out var booking, out var failure)
            ? Results.File(
                Encoding.UTF8.GetBytes(CalendarFile.Of(booking, clock.GetUtcNow(), $"{http.Request.Scheme}://{http.Request.Host}")),
                "text/calendar; charset=utf-8",
                "session.ics")
            : TroublePanel.Of(http, failure, MyBookingsWords.Page, "/bookings");
    }

    // Nothing to see: what it has to say, it says in toasts.
    private static async Task<IResult> NewsAsync(CurrentUser user, ReaderZone zone, MyBookingsHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var (told, waiting) = await handler.NewsAsync(user, cancellationToken);
        if (!waiting)
        {
            AwaitedNews.End(http.Response);
        }

        if (told.Count > 0)
        {
            var words = string.Join(" ", told.Select(booking => $"Booked: {MyBookingsWords.Told(booking, zone.Zone)}."));
            http.Response.Trigger(("toast", new JsonObject { ["message"] = words, ["kind"] = "ok" }));
        }

        return Results.Text(string.Empty, "text/html");
    }
}
