using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The emulator over HTTP: both of Calendly's hosts under one address, for browsers and other processes.</summary>
internal static class EmulatorRoutes
{
    public const string Prefix = "/mock/calendly";

    // Far above a cancellation with the longest reason, far below what would hurt.
    private const int LongestBody = 256 * 1024;

    private static readonly ActionDescriptor NoAction = new();

    public static IEndpointConventionBuilder MapEmulator(this IEndpointRouteBuilder routes) => routes
        .Map(Prefix + "/{**path}", AnswerAsync)
        .AllowAnonymous()
        .DisableAntiforgery()
        .ExcludeFromDescription();

    private static async Task AnswerAsync(HttpContext context)
    {
        if (await ReadAsync(context.Request) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        // What the routing matched may differ in case from the prefix, never in length.
        var target = context.Request.Path.ToUriComponent()[Prefix.Length..] + context.Request.QueryString.ToUriComponent();
        var call = new EmulatorCall(context.Request.Method, target)
        {
            Authorization = context.Request.Headers.Authorization,
            ContentType = context.Request.ContentType,
            Body = body,
        };
        EmulatorAnswer answer;
        try
        {
            answer = await context.RequestServices.GetRequiredService<CalendlyEmulator>().HandleAsync(call, context.RequestAborted);
        }
        catch (HttpRequestException)
        {
            context.Abort();
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await WriteAsync(context, answer);
    }

    private static async Task WriteAsync(HttpContext context, EmulatorAnswer answer)
    {
        var response = context.Response;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Page is { } page)
        {
            await RenderAsync(context, page, answer.Status);
            return;
        }

        response.StatusCode = answer.Status;
        if (answer.Body.Length > 0)
        {
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }

    private static Task RenderAsync(HttpContext context, ConsentPage page, int status)
    {
        // The form is answered by a redirect to the app, which browsers hold against form-action too.
        var redirectOrigin = page.Request is { } request ? " " + request.RedirectOrigin : string.Empty;
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'{redirectOrigin}";
        context.Response.Headers.CacheControl = "no-store";
        var viewData = new ViewDataDictionary<ConsentPage>(
            context.RequestServices.GetRequiredService<IModelMetadataProvider>(), new ModelStateDictionary())
        {
            Model = page,
        };
        var view = new PartialViewResult { ViewName = "/src/Infrastructure/Calendly/Emulator/_Consent.cshtml", ViewData = viewData, StatusCode = status };
        return view.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), NoAction));
    }

    /// <summary>Null when the body is longer than anything that Calendly would take.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > LongestBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[8 * 1024];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is var read and > 0)
        {
            if (body.Length + read > LongestBody)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
