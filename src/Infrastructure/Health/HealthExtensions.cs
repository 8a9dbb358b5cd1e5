using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Infrastructure.Health;

/// <summary>What balancers, supervisors and administrators ask. The answers for everybody are one word.</summary>
internal static class HealthExtensions
{
    private static readonly string[] GetOrHead = ["GET", "HEAD"];

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddHealthFact("mode", provider => _ => Now(provider.GetRequiredService<CalendlyMode>().Name));
        services.AddHealthFact("databaseClockOffsetSeconds", provider => _ => Now(Math.Round(provider.GetRequiredService<DatabaseClock>().Offset.TotalSeconds, 3)));
        services.AddHealthFact("calendly", provider => _ => Now(Calendly(provider)));
        services.AddHealthFact("connections", provider => async cancel => await provider.GetRequiredService<ConnectionCensus>().CountByStatusAsync(cancel));
        services.AddHealthFact("pendingRevocations", provider => async cancel => await provider.GetRequiredService<Revocations>().CountAsync(null, cancel));
        services.AddHealthFact("pairsInJournal", provider => _ => Now(provider.GetRequiredService<TokenJournal>().Entries.Count));
        services.AddHealthFact("authIncident", provider => async _ => await provider.GetRequiredService<MassGuard>().IsTrippedAsync());
    }

    /// <summary>Adds a fact to <c>/health/deps</c>; what it needs is taken from the services when it is first read.</summary>
    public static void AddHealthFact(this IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task<object?>>> read) =>
        services.AddSingleton<IHealthFact>(provider => new HealthFact(name, cancellationToken => read(provider)(cancellationToken)));

    /// <summary>Belongs outside of everything that asks who is signed in.</summary>
    public static void UseHealth(this WebApplication app) => app.UseMiddleware<StartGate>();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var probes = routes.MapGroup("/health").For(Access.Anyone).WithMetadata(new AnsweredAlways());
        probes.MapMethods("/live", GetOrHead, () => Results.Json(new { status = "live" }));
        probes.MapMethods("/ready", GetOrHead, ReadyAsync);
        routes.MapGet("/health/deps", FactsAsync)
            .RequireAuthorization().For(Access.Admin, (_, failure) => Api.Fail(failure)).AddEndpointFilter(RouteAccess.CheckAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness)
    {
        var state = await readiness.StateAsync();
        return Results.Json(
            new { status = state.ToString().ToLowerInvariant() },
            statusCode: state == ReadyState.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> FactsAsync(IEnumerable<IHealthFact> facts, ILogger<IHealthFact> log, CancellationToken cancellationToken)
    {
        var answer = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            try
            {
                answer[fact.Name] = await fact.ReadAsync(cancellationToken);
            }
            catch (Exception trouble) when (trouble is not OperationCanceledException)
            {
                // The others are worth knowing all the more.
                log.LogWarning("{Fact} is not known ({Trouble})", fact.Name, trouble.GetType().Name);
                answer[fact.Name] = "unknown";
            }
        }

        return Results.Json(answer, Api.JsonOptions);
    }

    private static object Calendly(IServiceProvider provider)
    {
        var weather = provider.GetRequiredService<CalendlyWeather>();
        return new { breaker = provider.GetRequiredService<CalendlyResilience>().BreakerState, weather.LastSuccessAt, weather.TroubleSince };
    }

    private static Task<object?> Now(object? value) => Task.FromResult(value);
}
