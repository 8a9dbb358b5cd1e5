using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>Marks a route whose answers are kept under the caller's <c>Idempotency-Key</c>.</summary>
internal sealed record TakesIdempotencyKey;

internal static class IdempotencyKeyExtensions
{
    // More than a request body may have, so that none goes through a file.
    private const int BufferSize = 128 * 1024;

    /// <summary>
    /// For JSON writes that read their body themselves: the same <c>Idempotency-Key</c> with the same body is answered once
    /// more with what it was answered first, for 24 hours, and never carried out twice. Without the header nothing changes.
    /// </summary>
    public static RouteHandlerBuilder WithIdempotencyKey(this RouteHandlerBuilder route) =>
        route.WithMetadata(new TakesIdempotencyKey()).AddEndpointFilter(AnswerOnceAsync);

    private static async ValueTask<object?> AnswerOnceAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(IdempotencyKeys.Header, out var names) || CurrentUser.Of(http.User) is not { } user)
        {
            return await next(context);
        }

        if (names is not [{ } name] || !IdempotencyKeys.IsWellFormed(name))
        {
            return Api.Fail(new Failure(FailureCode.ValidationFailed)
            {
                Fields = [new FieldProblem(IdempotencyKeys.Header, "format", $"Send one key of 1 to {IdempotencyKeys.MaxLength} visible ASCII characters.")],
            });
        }

        var keys = http.RequestServices.GetRequiredService<IdempotencyKeys>();
        var claim = Guid.NewGuid().ToString("N");
        var request = new NamedRequest(user.Id, RouteOf(http), name, await HashAsync(http.Request, http.RequestAborted));
        if (await keys.ClaimAsync(request, claim, http.RequestAborted) is not { } known)
        {
            return await FirstAnswerAsync(keys, claim, context, next);
        }

        return known.Succeeded(out var kept, out var failure) ? new Replay(kept) : Api.Fail(failure);
    }

    private static string RouteOf(HttpContext http) => $"{http.Request.Method} {((RouteEndpoint)http.GetEndpoint()!).RoutePattern.RawText}";

    // What stands in the address counts as well: an id there makes another request of it.
    private static async Task<string> HashAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering(BufferSize);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        request.Body.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Path}{request.QueryString}\n"));
        hash.AppendData(body.GetBuffer().AsSpan(0, (int)body.Length));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Kept before it is sent: whoever has seen an answer gets the same one again.
    private static async Task<object?> FirstAnswerAsync(IdempotencyKeys keys, string claim, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var kept = false;
        try
        {
            var answer = await WriteAsync(context.HttpContext, (IResult)(await next(context))!);
            if (IdempotencyKeys.IsFinal(answer.Status))
            {
                await keys.KeepAsync(claim, answer);
                kept = true;
            }

            return new Sent(answer);
        }
        finally
        {
            if (!kept)
            {
                await keys.ReleaseAsync(claim);
            }
        }
    }

    private static async Task<KeptAnswer> WriteAsync(HttpContext http, IResult result)
    {
        var response = http.Response;
        var wire = response.Body;
        using var buffer = new MemoryStream();
        response.Body = buffer;
        try
        {
            await result.ExecuteAsync(http);
            await response.BodyWriter.FlushAsync();
        }
        finally
        {
            response.Body = wire;
        }

        return new KeptAnswer(response.StatusCode, response.Headers[ApiHeaderExtensions.ErrorCodeHeader], buffer.ToArray());
    }

    // Status and headers are set already.
    private sealed class Sent(KeptAnswer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.Response.Body.WriteAsync(answer.Body).AsTask();
    }

    private sealed class Replay(KeptAnswer answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = answer.Status;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers[IdempotencyKeys.ReplayedHeader] = "true";
            if (answer.ErrorCode is not null)
            {
                response.Headers[ApiHeaderExtensions.ErrorCodeHeader] = answer.ErrorCode;
            }

            return response.Body.WriteAsync(answer.Body).AsTask();
        }
    }
}
