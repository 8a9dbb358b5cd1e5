using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Models;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>
/// The authorization host over HTTP. A caller may leave before a token is sent but not afterwards: the answer to a spent
/// token must not be lost.
/// </summary>
internal sealed class CalendlyOAuth(HttpClient http, CalendlyOptions options, WireTime time) : ICalendlyOAuth
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseBeforeConnectingAgain = TimeSpan.FromMilliseconds(500);

    public Task<OAuthAnswer> ExchangeCodeAsync(Secret code, string codeVerifier, string redirectUri, CancellationToken cancellationToken) =>
        AskForTokensAsync(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code.Reveal(),
                ["redirect_uri"] = redirectUri,
                ["code_verifier"] = codeVerifier,
            },
            cancellationToken);

    public Task<OAuthAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken) =>
        AskForTokensAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken.Reveal() }, cancellationToken);

    public async Task<bool> RevokeAsync(Secret token, CancellationToken cancellationToken) =>
        await AskAboutTokenAsync("oauth/revoke", token, _ => "gone", cancellationToken) is not null;

    public async Task<bool?> IntrospectAsync(Secret token, CancellationToken cancellationToken) =>
        (await DescribeAsync(token, cancellationToken))?.Active;

    public Task<Introspection?> DescribeAsync(Secret token, CancellationToken cancellationToken) =>
        AskAboutTokenAsync(
            "oauth/introspect",
            token,
            response => JsonSerializer.Deserialize(CappedContent.Of(response), CalendlyJson.Default.Introspection),
            cancellationToken);

    private async Task<OAuthAnswer> AskForTokensAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ClientId}:{options.ClientSecret.Reveal()}"));
        using var deadline = new CancellationTokenSource(Deadline, time.Provider);
        try
        {
            using var response = await PostAsync("oauth/token", form, new AuthenticationHeaderValue("Basic", credentials), deadline.Token);
            return Classify(response);
        }
        catch (HttpRequestException trouble) when (CalendlyResilience.IsNeverSent(trouble)
            || trouble.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new OAuthAnswer(OAuthOutcome.NotProcessed);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or BadAnswerException or OperationCanceledException)
        {
            return new OAuthAnswer(OAuthOutcome.InDoubt);
        }
    }

    private async Task<T?> AskAboutTokenAsync<T>(
        string path, Secret token, Func<HttpResponseMessage, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        using var deadline = new CancellationTokenSource(Deadline, time.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var form = new Dictionary<string, string>
        {
            ["client_id"] = options.ClientId,
            ["client_secret"] = options.ClientSecret.Reveal(),
            ["token"] = token.Reveal(),
        };
        try
        {
            using var response = await PostAsync(path, form, authorization: null, either.Token);
            return response.StatusCode == HttpStatusCode.OK ? read(response) : null;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or BadAnswerException or JsonException
            || (trouble is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    // Sends once, and a second time only when the first cannot have left.
    private async Task<HttpResponseMessage> PostAsync(
        string path, Dictionary<string, string> form, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        try
        {
            return await PostOnceAsync(path, form, authorization, cancellationToken);
        }
        catch (HttpRequestException trouble) when (CalendlyResilience.IsNeverSent(trouble))
        {
            await Task.Delay(PauseBeforeConnectingAgain, time.Provider, cancellationToken);
            return await PostOnceAsync(path, form, authorization, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> PostOnceAsync(
        string path, Dictionary<string, string> form, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.Authorization = authorization;
        new CalendlyCall($"POST /{path}", userId: null).AttachTo(request);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private OAuthAnswer Classify(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK => Tokens(response) is { } tokens ? new OAuthAnswer(OAuthOutcome.Issued, tokens) : new OAuthAnswer(OAuthOutcome.InDoubt),
        HttpStatusCode.TooManyRequests => new OAuthAnswer(OAuthOutcome.NotProcessed, RetryAfter: CalendlyFailures.Of(response, time.Provider).RetryAfter),
        HttpStatusCode.RequestTimeout => new OAuthAnswer(OAuthOutcome.InDoubt),
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => new OAuthAnswer(Refusal(response)),

        // Also 500 and 503, which probably did not spend the token: asking about it costs one call, a wrong guess the connection.
        _ => new OAuthAnswer(OAuthOutcome.InDoubt, RetryAfter: CalendlyFailures.Wait(response, time.Provider)),
    };

    private static OAuthOutcome Refusal(HttpResponseMessage response) => Error(response) switch
    {
        "invalid_grant" => OAuthOutcome.InvalidGrant,
        "invalid_client" => OAuthOutcome.InvalidClient,
        _ => OAuthOutcome.Rejected,
    };

    private static string? Error(HttpResponseMessage response)
    {
        try
        {
            return JsonSerializer.Deserialize(CappedContent.Of(response), CalendlyJson.Default.OAuthError)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IssuedTokens? Tokens(HttpResponseMessage response)
    {
        try
        {
            var body = JsonSerializer.Deserialize(CappedContent.Of(response), CalendlyJson.Default.TokenResponse);
            return body is not null
                && IsSendable(body.AccessToken)
                && body.ExpiresIn > 0
                && body.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
                && CalendlyUri.TryGetId(body.Owner, "users", out _)
                && CalendlyUri.TryGetId(body.Organization, "organizations", out _)
                ? new IssuedTokens(
                    new Secret(body.AccessToken),
                    string.IsNullOrEmpty(body.RefreshToken) ? null : new Secret(body.RefreshToken),
                    body.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
                    TimeSpan.FromSeconds(body.ExpiresIn),
                    body.Owner,
                    body.Organization)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A header takes no blanks, controls or foreign letters.
    private static bool IsSendable(string token) => token.Length > 0 && token.All(letter => letter is > ' ' and <= '~');
}
