using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using static CalendlySlices.Tests.Infrastructure.Calendly.Emulator.EmulatorFixture;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

public sealed class OAuthTests
{
    private readonly EmulatorFixture _world = new();

    [Fact]
    public async Task The_consent_page_offers_every_account_and_what_was_asked_for()
    {
        var page = (await Authorize(fields => fields["scope"] = "users:read scheduled_events:write")).Page!;
        Assert.Null(page.Problem);
        Assert.Equal(["users:read", "scheduled_events:write"], page.Scopes.Select(scope => scope.Name));
        Assert.Equal(["ana", "priya", "tom", "mei", "olu", "ana-home"], page.Accounts.Select(account => account.Key));
        Assert.Equal("ana", Assert.Single(page.Accounts, account => account.IsChosen).Key);
        Assert.Equal("mei", Assert.Single((await Authorize(fields => fields["login_hint"] = "mei")).Page!.Accounts, account => account.IsChosen).Key);
    }

    [Theory]
    [InlineData("client_id", "")]
    [InlineData("response_type", "token")]
    [InlineData("redirect_uri", "")]
    [InlineData("redirect_uri", "/relative")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("redirect_uri", "http://outside.example/callback")]
    [InlineData("redirect_uri", "https://user@outside.example/callback")]
    [InlineData("redirect_uri", "https://outside.example/callback#x")]
    [InlineData("code_challenge", "")]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("scope", "")]
    [InlineData("scope", "users:read invitees:read")]
    public async Task A_wrong_request_is_told_in_words_and_never_redirected(string field, string value)
    {
        foreach (var answer in (EmulatorAnswer[])[await Authorize(fields => fields[field] = value), await Decide(fields => fields[field] = value)])
        {
            Assert.Equal(400, answer.Status);
            Assert.NotNull(answer.Page!.Problem);
            Assert.Null(answer.Header("Location"));
        }
    }

    [Fact]
    public async Task Deny_returns_with_an_error_and_the_state()
    {
        var answer = await Decide(fields => fields["decision"] = "deny");
        Assert.Equal((302, $"{RedirectUri}?error=access_denied&state=st%2F1%20%26"), (answer.Status, answer.Header("Location")));
    }

    [Fact]
    public async Task Allow_returns_a_code_and_the_state_and_keeps_the_address_query()
    {
        var answer = await Decide(fields => fields["redirect_uri"] = "https://app.example/callback?tenant=1");
        Assert.StartsWith("https://app.example/callback?tenant=1&code=mock_code_", answer.Header("Location")!, StringComparison.Ordinal);
        Assert.EndsWith("&state=st%2F1%20%26", answer.Header("Location")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("granted", "")]
    [InlineData("granted", "scheduled_events:write")]
    [InlineData("account", "nobody")]
    [InlineData("decision", "")]
    public async Task A_form_that_is_not_filled_in_is_shown_again(string field, string value)
    {
        var answer = await Decide(fields => fields[field] = value);
        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.Page!.Request);
        Assert.NotNull(answer.Page.Problem);
    }

    [Fact]
    public async Task A_code_becomes_tokens_with_the_verifier_of_the_rfc()
    {
        var answer = await _world.PostForm("/oauth/token", Exchange(await _world.Code()));
        Assert.Equal(200, answer.Status);
        var json = Json(answer);
        Assert.Equal("Bearer", json.GetProperty("token_type").GetString());
        Assert.Equal("users:read", json.GetProperty("scope").GetString());
        Assert.Equal((7200, Start.ToUnixTimeSeconds()), (json.GetProperty("expires_in").GetInt32(), json.GetProperty("created_at").GetInt64()));
        Assert.Equal((AnaUser, WorldAccounts.Ana.OrganizationUri), (json.GetProperty("owner").GetString(), json.GetProperty("organization").GetString()));
        Assert.StartsWith("mock_rt_", json.GetProperty("refresh_token").GetString()!, StringComparison.Ordinal);
        var access = json.GetProperty("access_token").GetString()!;
        Assert.StartsWith("mock_at_", access, StringComparison.Ordinal);
        Assert.Equal(200, (await _world.Get("/users/me", access)).Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", 400, "invalid_grant")]
    [InlineData("redirect_uri", "http://localhost:5080/other", 400, "invalid_grant")]
    [InlineData("code", "mock_code_x", 400, "invalid_grant")]
    [InlineData("code_verifier", "", 400, "invalid_request")]
    [InlineData("grant_type", "password", 400, "unsupported_grant_type")]
    [InlineData("grant_type", "", 400, "invalid_request")]
    public async Task An_exchange_that_does_not_fit_is_refused(string field, string value, int status, string error)
    {
        var fields = Exchange(await _world.Code());
        fields[field] = value;
        var answer = await _world.PostForm("/oauth/token", fields);
        Assert.Equal((status, error), (answer.Status, Text(answer, "error")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mock-client:")]
    [InlineData("mock-client:wrong")]
    [InlineData("other:mock-secret")]
    public async Task A_client_that_does_not_prove_itself_is_refused(string? client)
    {
        var answer = await _world.PostForm("/oauth/token", Exchange(await _world.Code()), client);
        Assert.Equal((401, "invalid_client"), (answer.Status, Text(answer, "error")));
    }

    [Fact]
    public async Task The_configured_client_is_accepted_and_a_code_is_only_for_the_client_that_asked()
    {
        _world.Emulator.Options.ClientId = "app";
        _world.Emulator.Options.ClientSecret = "s:1";
        Assert.Equal("invalid_grant", Text(await _world.PostForm("/oauth/token", Exchange(await _world.Code()), "app:s%3A1"), "error"));
        var answer = await Decide(fields => fields["client_id"] = "app");
        var code = answer.Header("Location")!.Split("code=")[1].Split('&')[0];
        Assert.Equal(200, (await _world.PostForm("/oauth/token", Exchange(code), "app:s:1")).Status);
    }

    [Fact]
    public async Task A_body_that_is_not_a_form_is_refused()
    {
        var call = new EmulatorCall("POST", "/oauth/token") { Authorization = "Basic bW9jay1jbGllbnQ6bW9jay1zZWNyZXQ=", ContentType = "application/json", Body = "{}"u8.ToArray() };
        Assert.Equal("invalid_request", Text(await _world.Emulator.HandleAsync(call, TestContext.Current.CancellationToken), "error"));
    }

    [Fact]
    public async Task A_code_lives_ten_minutes()
    {
        var (early, late) = (await _world.Code(), await _world.Code());
        _world.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await _world.PostForm("/oauth/token", Exchange(early))).Status);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_grant", Text(await _world.PostForm("/oauth/token", Exchange(late)), "error"));
    }

    [Fact]
    public async Task A_code_used_twice_ends_what_came_of_it()
    {
        var code = await _world.Code();
        var access = Text(await _world.PostForm("/oauth/token", Exchange(code)), "access_token");
        Assert.Equal("invalid_grant", Text(await _world.PostForm("/oauth/token", Exchange(code)), "error"));
        Assert.Equal("The access token was revoked", Text(await _world.Get("/users/me", access), "message"));
    }

    [Fact]
    public async Task A_refresh_rotates_and_leaves_the_older_access_token_alive()
    {
        var grant = _world.Emulator.Grant("ana");
        _world.Clock.Advance(TimeSpan.FromMinutes(90));
        var answer = await _world.Refresh(grant.RefreshToken.Reveal());
        Assert.Equal(200, answer.Status);
        Assert.NotEqual(grant.RefreshToken.Reveal(), Text(answer, "refresh_token"));
        Assert.Equal(200, (await _world.Get("/users/me", grant.AccessToken.Reveal())).Status);
        Assert.Equal(200, (await _world.Get("/users/me", Text(answer, "access_token"))).Status);
        Assert.Equal(200, (await _world.Refresh(Text(answer, "refresh_token"))).Status);
        Assert.Equal((2, 0), (_world.Emulator.TokenCalls, _world.Emulator.SpentRefreshTokensPresented));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_spent_refresh_token_ends_the_family_if_so_set(bool revokes)
    {
        _world.Emulator.Options.ReuseRevokesFamily = revokes;
        var spent = _world.Emulator.Grant("ana").RefreshToken.Reveal();
        var next = await _world.Refresh(spent);
        Assert.Equal("invalid_grant", Text(await _world.Refresh(spent), "error"));
        Assert.Equal(1, _world.Emulator.SpentRefreshTokensPresented);
        Assert.Equal(revokes ? 401 : 200, (await _world.Get("/users/me", Text(next, "access_token"))).Status);
        Assert.Equal(revokes ? 400 : 200, (await _world.Refresh(Text(next, "refresh_token"))).Status);
    }

    [Fact]
    public async Task The_undocumented_behaviors_can_be_switched()
    {
        _world.Emulator.Options.OldAccessTokenLivesOn = false;
        var grant = _world.Emulator.Grant("ana");
        var next = await _world.Refresh(grant.RefreshToken.Reveal());
        Assert.Equal("The access token was revoked", Text(await _world.Get("/users/me", grant.AccessToken.Reveal()), "message"));
        Assert.Equal(200, (await _world.Get("/users/me", Text(next, "access_token"))).Status);

        _world.Emulator.Options.NewConsentEndsEarlier = true;
        await _world.Code();
        Assert.Equal(401, (await _world.Get("/users/me", Text(next, "access_token"))).Status);

        _world.Emulator.Options.InvalidGrantStatus = 401;
        Assert.Equal(401, (await _world.Refresh("mock_rt_unknown")).Status);
    }

    [Fact]
    public async Task Access_tokens_expire_after_two_hours_and_each_refusal_says_why()
    {
        var grant = _world.Emulator.Grant("ana", age: TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await _world.Get("/users/me", grant.AccessToken.Reveal())).Status);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_world.Clock.GetUtcNow(), grant.AccessExpiresAt);
        Assert.Equal((401, "The access token expired"), await Refusal(grant.AccessToken.Reveal()));
        Assert.Equal((401, "The access token is invalid"), await Refusal("mock_at_unknown"));
        Assert.Equal((401, "The access token is invalid"), await Refusal("eyJhbGciOiJIUzI1NiJ9.e30.c2ln"));
        Assert.Equal((401, "The access token is invalid"), await Refusal(grant.RefreshToken.Reveal()));

        async Task<(int, string)> Refusal(string token)
        {
            var answer = await _world.Get("/users/me", token);
            return (answer.Status, Text(answer, "message"));
        }
    }

    [Fact]
    public async Task A_dead_grant_can_neither_be_used_nor_refreshed()
    {
        var grant = _world.Emulator.GrantDead("tom");
        Assert.Equal("The access token expired", Text(await _world.Get("/users/me", grant.AccessToken.Reveal()), "message"));
        Assert.Equal("invalid_grant", Text(await _world.Refresh(grant.RefreshToken.Reveal()), "error"));
        Assert.Equal(0, _world.Emulator.SpentRefreshTokensPresented);
    }

    [Fact]
    public async Task A_user_gets_eight_tokens_a_minute_and_the_ninth_call_spends_nothing()
    {
        var refresh = _world.Emulator.Grant("ana").RefreshToken.Reveal();
        for (var call = 0; call < 8; call++)
        {
            var answer = await _world.Refresh(refresh);
            Assert.Equal(200, answer.Status);
            refresh = Text(answer, "refresh_token");
        }

        var refused = await _world.Refresh(refresh);
        Assert.Equal((429, "60"), (refused.Status, refused.Header("X-RateLimit-Reset")));
        Assert.Equal(200, (await _world.Refresh(_world.Emulator.Grant("mei").RefreshToken.Reveal())).Status);
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await _world.Refresh(refresh)).Status);
    }

    [Fact]
    public async Task Revoking_the_refresh_token_ends_the_connection()
    {
        var grant = _world.Emulator.Grant("ana");
        Assert.Equal(403, (await _world.PostForm("/oauth/revoke", Owned("x", "wrong"), null)).Status);
        Assert.Equal(400, (await _world.PostForm("/oauth/revoke", [], null)).Status);
        Assert.Equal("{}", Encoding.UTF8.GetString((await _world.PostForm("/oauth/revoke", Owned("unknown"), null)).Body.Span));
        Assert.Equal(200, (await _world.PostForm("/oauth/revoke", Owned(grant.RefreshToken.Reveal()), null)).Status);
        Assert.Equal("The access token was revoked", Text(await _world.Get("/users/me", grant.AccessToken.Reveal()), "message"));
        Assert.Equal("invalid_grant", Text(await _world.Refresh(grant.RefreshToken.Reveal()), "error"));
    }

    [Fact]
    public async Task Introspection_tells_whether_a_token_is_alive()
    {
        var grant = _world.Emulator.Grant("ana");
        var json = Json(await _world.PostForm("/oauth/introspect", Owned(grant.AccessToken.Reveal()), null));
        Assert.True(json.GetProperty("active").GetBoolean());
        Assert.Equal((Start.AddHours(2).ToUnixTimeSeconds(), AnaUser), (json.GetProperty("exp").GetInt64(), json.GetProperty("owner").GetString()));
        _world.Clock.Advance(TimeSpan.FromHours(2));
        Assert.False(Json(await _world.PostForm("/oauth/introspect", Owned(grant.AccessToken.Reveal()), null)).GetProperty("active").GetBoolean());
        Assert.True(Json(await _world.PostForm("/oauth/introspect", Owned(grant.RefreshToken.Reveal()), null)).GetProperty("active").GetBoolean());
        Assert.Equal(401, (await _world.PostForm("/oauth/introspect", Owned("x", "wrong"), null)).Status);
    }

    private static Dictionary<string, string> Owned(string token, string secret = "mock-secret") =>
        new() { ["client_id"] = "mock-client", ["client_secret"] = secret, ["token"] = token };

    private Task<EmulatorAnswer> Authorize(Action<Dictionary<string, string>> change)
    {
        var fields = Consent();
        change(fields);
        var query = string.Join('&', fields.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value)}"));
        return _world.Emulator.HandleAsync(new EmulatorCall("GET", $"/oauth/authorize?{query}"), TestContext.Current.CancellationToken);
    }

    private Task<EmulatorAnswer> Decide(Action<Dictionary<string, string>> change)
    {
        var fields = Consent();
        change(fields);
        return _world.PostForm("/oauth/authorize", fields, null);
    }
}
