using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

public sealed class CalendlyOAuthTests : IDisposable
{
    private const string Route = "POST /oauth/token";
    private static readonly Secret Refresh = new("old-refresh");

    private readonly CalendlyClientRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_code_is_traded_with_our_credentials_in_the_header()
    {
        _rig.Wire.On(Route, Answers.Json(CalendlySamples.Tokens().ToJsonString()));

        var answer = await _rig.OAuth.ExchangeCodeAsync(new Secret("co+de"), "verifier", "https://us.example/callback?a=b", Token);

        var tokens = answer.Tokens!;
        Assert.Equal(OAuthOutcome.Issued, answer.Outcome);
        Assert.Equal(("access-marker", "refresh-marker", TimeSpan.FromHours(2)), (tokens.AccessToken.Reveal(), tokens.RefreshToken!.Reveal(), tokens.Lifetime));
        Assert.Equal(["users:read", "scheduled_events:write"], tokens.Scopes);
        Assert.Equal((CalendlySamples.UserUri, "https://api.calendly.com/organizations/ORGP3N8VZ5C1HD7F"), (tokens.OwnerUri, tokens.OrganizationUri));
        var sent = _rig.Wire.Sent.Single();
        Assert.Equal("https://auth.calendly.com/oauth/token", sent.Address.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("client-id:client-marker")), sent.Authorization);
        Assert.Equal("grant_type=authorization_code&code=co%2Bde&redirect_uri=https%3A%2F%2Fus.example%2Fcallback%3Fa%3Db&code_verifier=verifier", sent.Body);
        Assert.DoesNotContain("marker", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_token_is_traded_below_the_configured_address()
    {
        using var rig = new CalendlyClientRig(authBaseUrl: "http://localhost:5080/mock/calendly/");
        rig.Wire.On("POST /mock/calendly/oauth/token", Answers.Json(CalendlySamples.Tokens().ToJsonString()));

        await rig.OAuth.RefreshAsync(Refresh, Token);

        Assert.Equal("grant_type=refresh_token&refresh_token=old-refresh", rig.Wire.Sent.Single().Body);
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("scope")]
    [InlineData("created_at")]
    public async Task What_may_be_missing_may_be_missing(string field)
    {
        var body = CalendlySamples.Tokens();
        body.Remove(field);
        _rig.Wire.On(Route, Answers.Json(body.ToJsonString()));

        var answer = await _rig.OAuth.RefreshAsync(Refresh, Token);

        Assert.Equal(OAuthOutcome.Issued, answer.Outcome);
        Assert.Equal(field == "refresh_token", answer.Tokens!.RefreshToken is null);
        Assert.Equal(field == "scope", answer.Tokens.Scopes.Count == 0);
    }

    [Theory]
    [InlineData("access_token", null)]
    [InlineData("access_token", "\"\"")]
    [InlineData("access_token", "\"two words\"")]
    [InlineData("access_token", "\"line\\r\\nInjected: yes\"")]
    [InlineData("access_token", "7")]
    [InlineData("token_type", "\"mac\"")]
    [InlineData("expires_in", null)]
    [InlineData("expires_in", "0")]
    [InlineData("expires_in", "-7200")]
    [InlineData("expires_in", "99999999999")]
    [InlineData("owner", null)]
    [InlineData("owner", "\"https://evil.example/users/USR1\"")]
    [InlineData("owner", "\"https://api.calendly.com/users/../x\"")]
    [InlineData("owner", "\"https://api.calendly.com/organizations/ORG1\"")]
    [InlineData("organization", "\"\"")]
    public async Task A_pair_that_cannot_be_used_leaves_the_token_in_doubt(string field, string? json)
    {
        var body = CalendlySamples.Tokens();
        body[field] = json is null ? null : JsonNode.Parse(json);
        _rig.Wire.On(Route, Answers.Json(body.ToJsonString()));

        Assert.Equal(new OAuthAnswer(OAuthOutcome.InDoubt), await _rig.OAuth.RefreshAsync(Refresh, Token));
    }

    [Theory]
    [InlineData(400, "invalid_grant", nameof(OAuthOutcome.InvalidGrant))]
    [InlineData(401, "invalid_grant", nameof(OAuthOutcome.InvalidGrant))]
    [InlineData(400, "invalid_client", nameof(OAuthOutcome.InvalidClient))]
    [InlineData(401, "invalid_client", nameof(OAuthOutcome.InvalidClient))]
    [InlineData(400, "invalid_request", nameof(OAuthOutcome.Rejected))]
    [InlineData(400, "unsupported_grant_type", nameof(OAuthOutcome.Rejected))]
    [InlineData(403, "unauthorized_client", nameof(OAuthOutcome.Rejected))]
    [InlineData(404, "", nameof(OAuthOutcome.Rejected))]
    [InlineData(408, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(500, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(502, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(503, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(504, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(302, "", nameof(OAuthOutcome.InDoubt))]
    [InlineData(201, "", nameof(OAuthOutcome.InDoubt))]
    public async Task A_refusal_is_sorted_by_what_it_means_for_the_token(int status, string error, string outcome)
    {
        var body = new JsonObject { ["error"] = error, ["error_description"] = "…" };
        _rig.Wire.On(Route, Answers.Json(body.ToJsonString(), (HttpStatusCode)status));

        Assert.Equal(outcome, (await _rig.OAuth.RefreshAsync(Refresh, Token)).Outcome.ToString());
        Assert.Single(_rig.Wire.Sent);
    }

    [Fact]
    public async Task A_limit_leaves_the_token_unspent_and_says_how_long_to_wait()
    {
        _rig.Wire.On(
            Route,
            Answers.Status(HttpStatusCode.TooManyRequests, ("X-RateLimit-Reset", "17")),
            Answers.Status(HttpStatusCode.TooManyRequests));

        Assert.Equal(new OAuthAnswer(OAuthOutcome.NotProcessed, RetryAfter: TimeSpan.FromSeconds(17)), await _rig.OAuth.RefreshAsync(Refresh, Token));
        Assert.Equal(new OAuthAnswer(OAuthOutcome.NotProcessed, RetryAfter: TimeSpan.FromSeconds(60)), await _rig.OAuth.RefreshAsync(Refresh, Token));
    }

    public static TheoryData<string> LostAnswers() => ["page", "truncated", "endless", "cut", "reset"];

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task A_lost_answer_leaves_the_token_in_doubt_and_is_not_asked_for_again(string kind)
    {
        var body = new EndlessStream();
        _rig.Wire.On(Route, kind switch
        {
            "page" => Answers.Html(HttpStatusCode.OK),
            "truncated" => Answers.Json("""{"access_token": "acc"""),
            "endless" => Answers.Stream(body),
            "cut" => Answers.Stream(new CutStream()),
            _ => Answers.Throws(new HttpRequestException(HttpRequestError.ResponseEnded)),
        });

        Assert.Equal(OAuthOutcome.InDoubt, (await _rig.OAuth.RefreshAsync(Refresh, Token)).Outcome);
        Assert.Single(_rig.Wire.Sent);
        Assert.InRange(body.BytesRead, 0, 64 * 1024 + 1);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    public async Task What_was_never_sent_is_sent_once_more(HttpRequestError error)
    {
        _rig.Wire.On(Route, Answers.Throws(new HttpRequestException(error)), Answers.Json(CalendlySamples.Tokens().ToJsonString()));

        Assert.Equal(OAuthOutcome.Issued, (await _rig.SkipPausesAsync(_rig.OAuth.RefreshAsync(Refresh, Token))).Outcome);

        _rig.Wire.On(Route, Answers.Throws(new HttpRequestException(error)), Answers.Throws(new HttpRequestException(error)));
        Assert.Equal(OAuthOutcome.NotProcessed, (await _rig.SkipPausesAsync(_rig.OAuth.RefreshAsync(Refresh, Token))).Outcome);
    }

    [Fact]
    public async Task A_failed_handshake_leaves_the_token_unspent()
    {
        _rig.Wire.On(Route, Answers.Throws(new HttpRequestException(HttpRequestError.SecureConnectionError)));

        Assert.Equal(OAuthOutcome.NotProcessed, (await _rig.OAuth.RefreshAsync(Refresh, Token)).Outcome);
    }

    [Fact]
    public async Task An_answer_that_takes_longer_than_ten_seconds_is_in_doubt()
    {
        _rig.Wire.On(Route, Answers.Never());

        var call = _rig.OAuth.RefreshAsync(Refresh, Token);
        await _rig.PassAfterAsync(1, TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        _rig.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(OAuthOutcome.InDoubt, (await call).Outcome);
    }

    [Fact]
    public async Task A_caller_who_leaves_after_the_token_was_sent_does_not_lose_the_answer()
    {
        using var leaving = new CancellationTokenSource();
        var gate = new TaskCompletionSource();
        Answer answer = async cancellationToken =>
        {
            await gate.Task.WaitAsync(cancellationToken);
            return await Answers.Json(CalendlySamples.Tokens().ToJsonString())(cancellationToken);
        };
        _rig.Wire.On(Route, answer);

        var call = _rig.OAuth.RefreshAsync(Refresh, leaving.Token);
        await leaving.CancelAsync();
        gate.SetResult();

        Assert.Equal(OAuthOutcome.Issued, (await call).Outcome);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.OAuth.RefreshAsync(Refresh, leaving.Token));
        Assert.Single(_rig.Wire.Sent);
    }

    [Fact]
    public async Task A_token_is_revoked_with_our_credentials_in_the_form()
    {
        _rig.Wire.On("POST /oauth/revoke", Answers.Json("{}"), Answers.Status(HttpStatusCode.OK), Answers.Status(HttpStatusCode.Forbidden), Answers.Html(HttpStatusCode.OK));

        Assert.True(await _rig.OAuth.RevokeAsync(new Secret("tok"), Token));
        Assert.True(await _rig.OAuth.RevokeAsync(new Secret("tok"), Token));
        Assert.False(await _rig.OAuth.RevokeAsync(new Secret("tok"), Token));
        Assert.False(await _rig.OAuth.RevokeAsync(new Secret("tok"), Token));

        Assert.Equal("client_id=client-id&client_secret=client-marker&token=tok", _rig.Wire.Sent[0].Body);
        Assert.Null(_rig.Wire.Sent[0].Authorization);
    }

    [Theory]
    [InlineData(200, """{"active": true, "scope": "users:read", "exp": 1}""", true)]
    [InlineData(200, """{"active": false}""", false)]
    [InlineData(200, "{}", null)]
    [InlineData(200, "", null)]
    [InlineData(401, """{"error": "invalid_client"}""", null)]
    [InlineData(500, "", null)]
    public async Task Introspection_says_alive_dead_or_nothing(int status, string json, bool? alive)
    {
        _rig.Wire.On("POST /oauth/introspect", Answers.Json(json, (HttpStatusCode)status));

        Assert.Equal(alive, await _rig.OAuth.IntrospectAsync(new Secret("tok"), Token));
    }

    [Fact]
    public async Task Introspection_that_takes_too_long_says_nothing_and_a_caller_may_leave_it()
    {
        using var leaving = new CancellationTokenSource();
        _rig.Wire.On("POST /oauth/introspect", Answers.Never(), Answers.Never());

        var slow = _rig.OAuth.IntrospectAsync(new Secret("tok"), Token);
        await _rig.PassAfterAsync(1, TimeSpan.FromSeconds(10));
        var left = _rig.OAuth.IntrospectAsync(new Secret("tok"), leaving.Token);
        await leaving.CancelAsync();

        Assert.Null(await slow);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }
}
