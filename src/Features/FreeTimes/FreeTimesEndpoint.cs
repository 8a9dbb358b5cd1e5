using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.FreeTimes;

internal sealed class FreeTimesEndpoint : IFeatureModule
{
    public static void AddServices(IServiceCollection services) => services
        .AddScoped<BookableTypes>()
        .AddScoped<FreeTimesHandler>()
        .AddScoped<FreeTimesApiHandler>()
        .AddScoped<NextFreeHandler>()
        .AddScoped<ReasonsHandler>()
        .AddScoped<SlotHandler>()
        .AddScoped<TimesTextHandler>()
        .AddSingleton<FreeTimesValidator>()
        .AddSingleton<FreeTimesApiValidator>()
        .AddSingleton<SlotValidator>()
        .AddSingleton<TimesTextValidator>();

    public static void AddRoutes(IEndpointRouteBuilder routes)
    {
        var everybody = routes.MapGroup("").For(Access.SignedIn, FreeTimesWords.Page);
        everybody.MapGet("/free-times", PageAsync).WithBookingDialog();
        everybody.MapGet("/free-times/slot", SlotAsync).WithBookingDialog();
        everybody.MapGet("/free-times/next", NextAsync);
        everybody.MapGet("/free-times/reasons", ReasonsAsync);
        everybody.MapGet("/free-times/text", TextAsync);
        everybody.MapGet("/api/calendly/availability/free", FreeTimesApi.ListAsync).Describe(FreeTimesApi.Description);
    }

    private static async Task<IResult> PageAsync(
        CurrentUser user, [AsParameters] FreeTimesInput input, FreeTimesValidator validator, FreeTimesHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        if (validator.Problem(input) is { } problem)
        {
            var place = FreeTimesHandler.PlaceOf(input) with { EventType = null };
            return View(http, new FreeTimesPage(place, [], null, Trouble.OfInput(problem, FreeTimesWords.Page), problem, user.SeesCalendar));
        }

        return View(http, await handler.HandleAsync(new FreeTimesQuery(user, input), cancellationToken));
    }

    private static Hypermedia<FreeTimesPage> View(HttpContext http, FreeTimesPage page)
    {
        if (page.Problem is { } failure)
        {
            http.Response.MarkFailure(failure);
        }

        return Hypermedia.Of("FreeTimes/_FreeTimes", page, page.Problem?.Code.ToStatusCode() ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> SlotAsync(
        CurrentUser user, [AsParameters] SlotInput input, SlotValidator validator, SlotHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var problem = validator.Problem(input);
        Result<PickedSlot> result = problem is not null ? problem : await handler.HandleAsync(new SlotQuery(user, input), cancellationToken);
        if (!result.Succeeded(out var picked, out var failure))
        {
            return problem is not null ? Failed(http, problem, Trouble.OfInput(problem, FreeTimesWords.Slot))
                : Failed(http, failure, Trouble.Of(failure, FreeTimesWords.Slot, http.Request.Path + http.Request.QueryString));
        }

        if (!picked.IsOpen)
        {
            http.Response.MarkFailure(new Failure(FailureCode.SlotTaken));
        }

        return Hypermedia.Of("FreeTimes/_Picked", picked, picked.IsOpen ? StatusCodes.Status200OK : FailureCode.SlotTaken.ToStatusCode());
    }

    private static async Task<IResult> NextAsync(
        CurrentUser user, [AsParameters] FreeTimesInput input, FreeTimesValidator validator, NextFreeHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        Result<LookAhead> result = validator.Problem(input) is { } problem ? problem : await handler.HandleAsync(new FreeTimesQuery(user, input), cancellationToken);
        return result.Succeeded(out var ahead, out var failure)
            ? Hypermedia.Of("FreeTimes/_LookAhead", ahead)
            : Failed(http, failure, Trouble.Of(failure, FreeTimesWords.Page, "/free-times"));
    }

    private static async Task<IResult> ReasonsAsync(
        CurrentUser user, [AsParameters] FreeTimesInput input, FreeTimesValidator validator, ReasonsHandler handler, CancellationToken cancellationToken) =>
        Hypermedia.Of("FreeTimes/_Reasons", validator.Problem(input) is null ? await handler.HandleAsync(new FreeTimesQuery(user, input), cancellationToken) : []);

    private static async Task<IResult> TextAsync(
        CurrentUser user, [AsParameters] TimesTextInput input, TimesTextValidator validator, TimesTextHandler handler, HttpContext http, CancellationToken cancellationToken)
    {
        var problem = validator.Problem(input);
        var result = await handler.HandleAsync(user, problem is null ? input : input with { ReceiverZone = null }, cancellationToken);
        if (!result.Succeeded(out var text, out var failure))
        {
            return Failed(http, failure, Trouble.Of(failure, FreeTimesWords.Page, "/free-times"));
        }

        if (problem is null)
        {
            return Hypermedia.Of("FreeTimes/_TimesText", text);
        }

        http.Response.MarkFailure(problem);
        return Hypermedia.Of("FreeTimes/_TimesText", text with { Zone = input.ReceiverZone!, Problem = problem.MessageFor("receiverZone") }, problem.Code.ToStatusCode());
    }

    private static Hypermedia<Trouble> Failed(HttpContext http, Failure failure, Trouble trouble)
    {
        http.Response.MarkFailure(failure);
        return Hypermedia.Of("FreeTimes/_NoTimes", trouble, failure.Code.ToStatusCode());
    }
}
