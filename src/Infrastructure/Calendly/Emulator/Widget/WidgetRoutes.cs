namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>
/// Stands in for the pages that Calendly shows to people who book, at Calendly's own paths under one of ours. It needs no
/// script; with one it tells the page around it what Calendly's tells.
/// </summary>
internal static class WidgetRoutes
{
    public const string Prefix = "/mock-widget";

    private const int LongestReason = 10_000;

    public static void MapMockWidget(this IEndpointRouteBuilder routes)
    {
        var emulator = routes.ServiceProvider.GetRequiredService<CalendlyEmulator>();
        var reads = routes.ServiceProvider.GetRequiredService<ReadCache>();
        var booking = new WidgetBooking(emulator);
        var changes = new WidgetChanges(emulator);
        var widget = routes.MapGroup(Prefix).AllowAnonymous().ExcludeFromDescription();

        widget.MapGet("/{owner}", (string owner, HttpRequest request) => Show(request, address => booking.Profile(owner, address)));
        MapBooking("/{owner}/{slug}", values => new(Text(values, "owner"), null, Text(values, "slug")));
        MapBooking("/d/{code}/{slug}", values => new(null, Text(values, "code"), Text(values, "slug")));

        widget.MapGet("/cancellations/{id}", (string id, HttpRequest request) => Show(request, address => changes.AskToCancel(id, address)));
        widget.MapPost("/cancellations/{id}", (string id, HttpRequest request) => ChangeAsync(request, (address, form) => changes.Cancel(id, Reason(form), address)));
        widget.MapGet("/reschedulings/{id}", (string id, HttpRequest request) => Show(request, address => changes.Times(id, address)));
        widget.MapGet("/reschedulings/{id}/{start}", (string id, string start, HttpRequest request) => Show(request, address => changes.AskToMove(id, start, address)));
        widget.MapPost("/reschedulings/{id}/{start}", (string id, string start, HttpRequest request) =>
            ChangeAsync(request, (address, form) => changes.Move(id, start, Reason(form), address)));

        void MapBooking(string path, Func<RouteValueDictionary, WidgetTarget> target)
        {
            widget.MapGet(path, (HttpRequest request) => Show(request, address => booking.Times(target(request.RouteValues), address)));
            widget.MapGet(path + "/{start}", (string start, HttpRequest request) =>
                Show(request, address => booking.Details(target(request.RouteValues), start, address)));
            widget.MapPost(path + "/{start}", (string start, HttpRequest request) => ChangeAsync(request, (address, form) =>
                booking.Book(target(request.RouteValues), start, form, address, () => address.Turn.And(emulator.Knobs.TakeForBooking()))));
        }

        WidgetAnswer Show(HttpRequest request, Func<WidgetAddress, WidgetPage> page)
        {
            var address = new WidgetAddress(request.Query);
            return new(page(address), address, address.Turn.And(emulator.Knobs.TakeForPage()));
        }

        // Calendly tells us nothing of what invitees do there, so what we keep grows old by the clock; here that may stand still.
        async Task<WidgetAnswer> ChangeAsync(HttpRequest request, Func<WidgetAddress, IFormCollection, WidgetPage> page)
        {
            var form = request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
            var answer = Show(request, address => page(address, form));
            reads.Expire();
            return answer;
        }
    }

    private static string Text(RouteValueDictionary values, string name) => values[name]?.ToString() ?? string.Empty;

    private static string? Reason(IFormCollection form) => form["reason"].ToString().Trim() is { Length: > 0 } reason ? reason[..Math.Min(reason.Length, LongestReason)] : null;
}
