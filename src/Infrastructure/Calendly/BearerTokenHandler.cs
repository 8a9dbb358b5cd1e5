using System.Net;
using System.Net.Http.Headers;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// Attaches the owner's access token. A 401 is answered once with a newer token, for a POST too: what was refused was
/// not carried out. A second 401 is reported to the token store and passed on.
/// </summary>
internal sealed class BearerTokenHandler(IAccessTokens tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (CalendlyCall.Of(request).FormerToken is { } former)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", former.Reveal());
            return await base.SendAsync(request, cancellationToken);
        }

        var userId = CalendlyCall.Of(request).UserId ?? throw new InvalidOperationException("The call names no owner.");
        if (request.Content is { } content)
        {
            // A body that was written to the wire as it was made could not be sent a second time.
            await content.LoadIntoBufferAsync(cancellationToken);
        }

        var token = Required(await tokens.GetAsync(userId, cancellationToken));
        var response = await SendAsync(request, token, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        response.Dispose();
        token = Required(await tokens.NewerThanAsync(userId, token.Version, cancellationToken));
        response = await SendAsync(request, token, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            await tokens.ReportRefusedAsync(userId, token.Version, CancellationToken.None);
        }

        return response;
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, AccessToken token, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value.Reveal());
        return base.SendAsync(request, cancellationToken);
    }

    private static AccessToken Required(Result<AccessToken> result) =>
        result.Succeeded(out var token, out var failure) ? token : throw new NoTokenException(failure);
}
