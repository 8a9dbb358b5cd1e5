namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// What a JSON route says about itself, beside its code; <c>/openapi/v1.json</c> and the page <c>/api</c> are made of it.
/// <code>
/// public static readonly ApiDescription Description = new("List event types", "One page of …", typeof(EventTypesAnswer), """{ "items": [] }""")
/// {
///     Parameters = [ApiPaging.Count, ApiPaging.PageToken, ApiParameter.OneOf("status", "…", "active", "canceled")],
///     Failures = [FailureCode.ValidationFailed, .. ApiDescription.ReadFailures],
///     FromMemory = true,
/// };
///
/// routes.MapGet("/api/calendly/events/types", EventTypesApi.ListAsync).Describe(EventTypesApi.Description);
/// routes.MapPost("/api/calendly/…", …).Describe(…).WithIdempotencyKey();
/// </code>
/// Every answer that a test gets from such a route is compared with what is said here: a status, a field or a header that
/// is missing here fails that test. Only routes under <c>/api/calendly</c> are described.
/// </summary>
/// <param name="Details">Some sentences; no markup.</param>
/// <param name="Data">What the envelope's <c>data</c> holds on success. All fields are always there; those that may be
/// null are nullable in C#. Null for a route that only redirects.</param>
/// <param name="Example">JSON of <paramref name="Data"/>.</param>
internal sealed record ApiDescription(string Summary, string Details, Type? Data, string? Example)
{
    /// <summary>What every read of Calendly's data by a coach can end in, besides bad input.</summary>
    public static readonly IReadOnlyList<FailureCode> ReadFailures =
    [
        FailureCode.ForbiddenRole,
        FailureCode.ScopeMissing,
        FailureCode.CalendlyForbidden,
        FailureCode.NotFound,
        FailureCode.NotConnected,
        FailureCode.ReconnectRequired,
        FailureCode.RateLimited,
        FailureCode.CalendlyBadResponse,
        FailureCode.CalendlyUnavailable,
        FailureCode.TokenUnreadable,
        FailureCode.DatabaseUnavailable,
        FailureCode.CalendlyTimeout,
    ];

    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What a write takes; null for reads.</summary>
    public ApiBody? Body { get; init; }

    /// <summary>Beyond <see cref="FailureCode.NotSignedIn"/> and a fault of ours, which every route can give.</summary>
    public IReadOnlyList<FailureCode> Failures { get; init; } = [];

    /// <summary>The data may be some seconds old, or older while Calendly is down; <c>X-Data-Age</c> then says so.</summary>
    public bool FromMemory { get; init; }
}

/// <param name="Example">JSON of <paramref name="Type"/>.</param>
/// <param name="Required">JSON names of the fields that may not be left out.</param>
internal sealed record ApiBody(Type Type, string Example, params IReadOnlyList<string> Required)
{
    /// <summary>The most characters of a field, by its JSON name.</summary>
    public IReadOnlyDictionary<string, int> MaxLengths { get; init; } = new Dictionary<string, int>();
}

internal static class ApiDescriptionExtensions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, ApiDescription description) => route.WithMetadata(description);
}
