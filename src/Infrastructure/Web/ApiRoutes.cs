using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Authorization;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>One described JSON route.</summary>
/// <param name="IsOpen">Works without being signed in.</param>
/// <param name="TakesKey">Takes an <c>Idempotency-Key</c>.</param>
internal sealed record ApiRoute(string Method, string Path, ApiDescription Description, bool IsOpen, bool TakesKey)
{
    public bool IsWrite => Method != HttpMethods.Get;

    /// <summary>Every code that an answer can carry, in the order of their statuses.</summary>
    public IReadOnlyList<FailureCode> Failures { get; } =
    [
        .. Implied(Method, IsOpen, TakesKey).Concat(Description.Failures).Distinct().OrderBy(code => code.ToStatusCode()).ThenBy(code => code),
    ];

    // A write is refused without its antiforgery token.
    private static IEnumerable<FailureCode> Implied(string method, bool isOpen, bool takesKey) =>
    [
        .. isOpen ? Array.Empty<FailureCode>() : [FailureCode.NotSignedIn],
        .. method == HttpMethods.Get ? Array.Empty<FailureCode>() : [FailureCode.ValidationFailed],
        .. takesKey ? [FailureCode.IdempotencyKeyReused, FailureCode.IdempotencyKeyInUse] : Array.Empty<FailureCode>(),
    ];
}

/// <summary>The JSON routes of this application, as they describe themselves.</summary>
internal sealed class ApiRoutes(EndpointDataSource endpoints)
{
    public const string Prefix = "/api/calendly";

    // The sign-in handler answers this one before routing gets to it.
    private static readonly ApiRoute Callback = new(
        HttpMethods.Get, CalendlyAuthentication.CallbackPath, CalendlyAuthentication.CallbackDescription, IsOpen: true, TakesKey: false);

    public IReadOnlyList<ApiRoute> All() =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           let description = endpoint.Metadata.GetMetadata<ApiDescription>()
           where description is not null
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           let route = new ApiRoute(
               method,
               endpoint.RoutePattern.RawText!,
               description,
               endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
               endpoint.Metadata.GetMetadata<TakesIdempotencyKey>() is not null)
           orderby route.Path, route.Method
           select route,
        Callback,
    ];
}
