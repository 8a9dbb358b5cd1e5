using System.Net;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Identity.Providers;

internal enum PasswordOutcome
{
    SignedIn,

    /// <summary>No such person, or another password; Supabase does not say which, and neither do we.</summary>
    Wrong,

    /// <summary>The e-mail address still has to be confirmed.</summary>
    NotConfirmed,

    /// <summary>Supabase asks us to wait.</summary>
    TooOften,

    /// <summary>Supabase did not answer, or not so that it can be trusted.</summary>
    Unavailable,
}

/// <param name="User">Filled for <see cref="PasswordOutcome.SignedIn"/>.</param>
internal sealed record PasswordAnswer(PasswordOutcome Outcome, CurrentUser? User = null);

/// <summary>
/// Asks Supabase whether a password is right. Of the tokens it answers with, the access token is checked like any other,
/// and none is kept. Source: https://supabase.com/docs/guides/auth/passwords
/// </summary>
internal sealed class SupabasePasswords(
    SupabaseSignIn supabase, SessionTokens tokens, TokenPeople people, IHttpClientFactory clients, ILogger<SupabasePasswords> log)
{
    public async Task<PasswordAnswer> SignInAsync(string email, Secret password, CancellationToken cancellationToken)
    {
        try
        {
            using var http = clients.CreateClient(SignInWire.ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(supabase.Url, "/auth/v1/token?grant_type=password"));
            request.Headers.Add("apikey", supabase.AnonKey);
            request.Content = JsonContent.Create(new { email, password = password.Reveal() });
            using var answer = await http.SendAsync(request, cancellationToken);
            var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            using (body)
            {
                return answer.StatusCode == HttpStatusCode.OK
                    ? await CheckAsync(body.RootElement.Text("access_token"), cancellationToken)
                    : new PasswordAnswer(Refusal(answer.StatusCode, body.RootElement.Text("error_code") ?? body.RootElement.Text("error_description")));
            }
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException
            || (trouble is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning("Supabase could not be asked about a password: {Trouble}.", trouble.GetType().Name);
            return new PasswordAnswer(PasswordOutcome.Unavailable);
        }
    }

    private async Task<PasswordAnswer> CheckAsync(string? accessToken, CancellationToken cancellationToken)
    {
        var verdict = await tokens.VerifyAsync(accessToken ?? string.Empty, cancellationToken);
        if (verdict.Claims is { } claims)
        {
            return new PasswordAnswer(PasswordOutcome.SignedIn, await people.OfAsync(claims, cancellationToken));
        }

        // Most likely the project still signs with a shared secret, which is no key of its published set.
        log.LogWarning("Supabase issued a token that is refused here: {Problem}.", verdict.Problem);
        return new PasswordAnswer(PasswordOutcome.Unavailable);
    }

    // Older versions give the code in words: https://supabase.com/docs/guides/auth/debugging/error-codes
    private PasswordOutcome Refusal(HttpStatusCode status, string? code)
    {
        switch (status, code)
        {
            case (HttpStatusCode.TooManyRequests, _):
                return PasswordOutcome.TooOften;
            case (_, "email_not_confirmed" or "Email not confirmed"):
                return PasswordOutcome.NotConfirmed;
            case (HttpStatusCode.BadRequest, "invalid_credentials" or "user_banned" or "Invalid login credentials"):
                return PasswordOutcome.Wrong;
            default:
                log.LogWarning("Supabase answered a password with {Status}.", (int)status);
                return PasswordOutcome.Unavailable;
        }
    }
}
