using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

internal sealed class BookingEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<BookingSubjects>()
        .AddScoped<NearestStarts>()
        .AddScoped<BookingHandler>()
        .AddScoped<BookingFormHandler>()
        .AddScoped<SubmitHandler>()
        .AddScoped<CheckHandler>()
        .AddSingleton<BookingValidator>()
        .AddSingleton<BookingFormValidator>()
        .AddSingleton<CheckValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var bookers = routes.MapGroup("/book/{coach}/{eventType}").For(Access.Booker, BookingWords.Page).WithMetadata(new CalendlyFrame(InDialog: false));
        bookers.MapGet("", FrameAsync);
        bookers.MapGet("/form", WithoutFrame.ShowAsync);
        bookers.MapPost("/form", WithoutFrame.SubmitAsync);
        bookers.MapPost("/check", Check.LookAsync);
    }

    private static async Task<IResult> FrameAsync(
        CurrentUser user,
        [AsParameters] BookingInput input,
        BookingValidator validator,
        BookingSubjects subjects,
        BookingHandler handler,
        CalendlyPages pages,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        Result<BookingSubject> found = validator.Problem(input) is { } problem ? problem : await subjects.FindAsync(user, input, cancellationToken);
        if (!found.Succeeded(out var subject, out var failure))
        {
            return Failed(http, failure);
        }

        if (subject.Hindrance is { } hindrance)
        {
            return Hindered(http, subject, hindrance, pages, input.At, inForm: false);
        }

        var (page, taken) = await handler.HandleAsync(new BookingQuery(user, input, subject, http.Request.Host.Value!), cancellationToken);
        return taken is not null ? Taken(http, taken) : Hypermedia.Of("Booking/_Booking", page!);
    }

    // Of those who book, only the coach of an event type is refused it.
    public static IResult Failed(HttpContext http, Failure failure) =>
        TroublePanel.Of(http, failure, BookingWords.Page with { ForWhom = "Your own event type" }, "/coaches");

    /// <summary>With the coach's own page at Calendly, where there is one, and with what else the coach shows.</summary>
    public static IResult Hindered(HttpContext http, BookingSubject subject, Failure failure, CalendlyPages pages, DateTimeOffset? at, bool inForm)
    {
        http.Response.MarkFailure(failure);
        var hindered = new BookingHindered(subject, failure, pages.Address(subject.Coach.SchedulingUrl), at, inForm);
        return Hypermedia.Of("Booking/_Hindered", hindered, failure.Code.ToStatusCode());
    }

    public static IResult Taken(HttpContext http, BookingTimes times)
    {
        http.Response.MarkFailure(new Failure(FailureCode.SlotTaken));
        return Hypermedia.Of("Booking/_Times", times, FailureCode.SlotTaken.ToStatusCode());
    }
}
