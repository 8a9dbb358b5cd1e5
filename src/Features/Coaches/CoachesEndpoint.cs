using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Coaches;

internal sealed class CoachesEndpoint : IFeatureModule
{
    // A page that waits, because its browser cannot ask again.
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(8);

    // Whoever was quick is shown, and the others are asked about again.
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    public static void AddServices(IServiceCollection services) => services
        .AddScoped<CoachesHandler>()
        .AddScoped<CoachHandler>()
        .AddScoped<CompareHandler>()
        .AddSingleton<CoachesValidator>()
        .AddSingleton<CompareValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var bookers = routes.MapGroup("/coaches").For(Access.SignedIn, CoachWords.Coaches).AddEndpointFilter(RefuseDelegatesAsync).WithBookingDialog();
        bookers.MapGet("", PageAsync);
        bookers.MapGet("/soonest", SoonestAsync);
        bookers.MapGet("/compare", CompareAsync);
        bookers.MapGet("/{slug}", CoachAsync);
    }

    // A delegate sees one coach's pages: what others show is not among them.
    private static async ValueTask<object?> RefuseDelegatesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        CurrentUser.Of(context.HttpContext.User) is { Coach: { } coach }
            ? TroublePanel.Of(context.HttpContext, new Failure(FailureCode.ForbiddenRole, $"You look at {coach.Name}’s calendar, and at no other."), CoachWords.Coaches with { BackUrl = "/", BackWords = "Today" }, "/")
            : await next(context);

    private static async Task<IResult> PageAsync([AsParameters] CoachesInput input, CoachesValidator validator, CoachesHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            http.Response.MarkFailure(problem);
            return View(http, new CoachesPage(CoachesFilter.Default, [], [], 0, [], null) { Trouble = Trouble.OfInput(problem, CoachWords.Coaches) }, problem.Code.ToStatusCode());
        }

        var filter = CoachesFilter.Of(input);
        if (http.Request.IsHtmx())
        {
            // Each letter typed and each box ticked would otherwise be a step on the way back.
            http.Response.Headers["HX-Replace-Url"] = filter.Url;
        }

        var patience = input.Soonest == "1" ? LongPatience : TimeSpan.Zero;
        return View(http, await handler.HandleAsync(new CoachesQuery(input.Zone.Zone, filter, patience, 0), cancellationToken), StatusCodes.Status200OK);
    }

    // What is typed and ticked stays; htmx replaces what it finds.
    private static Hypermedia<CoachesPage> View(HttpContext http, CoachesPage page, int status) =>
        Hypermedia.Of(http.Request.IsHtmx() ? "Coaches/_Found" : "Coaches/_Coaches", page, status);

    private static async Task<IResult> SoonestAsync([AsParameters] CoachesInput input, CoachesValidator validator, CoachesHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            return Refused(http, problem, CoachWords.Coaches);
        }

        var filter = CoachesFilter.Of(input);
        if (!http.Request.IsHtmx())
        {
            return Results.Redirect(filter.WaitUrl);
        }

        var round = int.Parse(input.Round ?? "1", CultureInfo.InvariantCulture);
        var page = await handler.HandleAsync(new CoachesQuery(input.Zone.Zone, filter, ShortPatience, round), cancellationToken);
        if (!filter.DependsOnTimes)
        {
            return Hypermedia.Of("Coaches/_Times", page);
        }

        // Who is shown, and where, has changed with the times.
        http.Response.Retarget("#coaches-found", "outerMorph");
        return Hypermedia.Of("Coaches/_Found", page);
    }

    private static async Task<IResult> CoachAsync(string slug, ReaderZone zone, CoachHandler handler, HttpContext http, CancellationToken cancellationToken) =>
        (await handler.HandleAsync(new CoachQuery(slug, zone.Zone), cancellationToken)).Succeeded(out var page, out var failure)
            ? Hypermedia.Of("Coaches/_Coach", page)
            : TroublePanel.Of(http, failure, CoachWords.Coach, $"/coaches/{slug}");

    private static async Task<IResult> CompareAsync([AsParameters] CompareInput input, CompareValidator validator, CompareHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var problem = validator.Problem(input);
        Result<CompareBoard> result = problem is not null ? problem : await handler.HandleAsync(input, cancellationToken);
        return result.Succeeded(out var board, out var failure)
            ? Hypermedia.Of("Coaches/_Compare", board)
            : failure.Fields.Count > 0 ? Refused(http, failure, CoachWords.Compare)
            : TroublePanel.Of(http, failure, CoachWords.Compare, "/coaches");
    }

    private static Hypermedia<TroublePanel> Refused(HttpContext http, Failure failure, PanelWords words)
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of("/src/Features/_TroublePanel.cshtml", new TroublePanel(Trouble.OfInput(failure, words), "coaches"), failure.Code.ToStatusCode());
    }
}
