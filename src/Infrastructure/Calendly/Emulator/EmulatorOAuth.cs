using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The authorization host: RFC 6749, 7009, 7636 and 7662 as far as Calendly documents them.</summary>
internal sealed class EmulatorOAuth(CalendlyWorld world, TokenLedger ledger, RateWindows rates, EmulatorOptions options)
{
    public long TokenCalls { get; private set; }

    public long SpentRefreshTokensPresented { get; private set; }

    public EmulatorAnswer Answer(EmulatorCall call, DateTimeOffset now) => (call.Method, call.Path) switch
    {
        ("GET", "/oauth/authorize") => Ask(call),
        ("POST", "/oauth/authorize") => Decide(call, now),
        ("POST", "/oauth/token") => Token(call, now),
        ("POST", "/oauth/revoke") => Revoke(call),
        ("POST", "/oauth/introspect") => Introspect(call, now),
        _ => Error(StatusCodes.Status404NotFound, "invalid_request", "There is nothing at this address."),
    };

    private EmulatorAnswer Ask(EmulatorCall call)
    {
        var fields = FormFields.OfQuery(call.Query);
        return AuthorizationRequest.TryRead(fields, out var request, out var problem)
            ? EmulatorAnswer.Browser(Page(request, fields.One("login_hint"), null))
            : EmulatorAnswer.Browser(ConsentPage.Refusal(problem));
    }

    private EmulatorAnswer Decide(EmulatorCall call, DateTimeOffset now)
    {
        var problem = "This is not the form of the consent page.";
        if (FormFields.OfBody(call) is not { } fields || !AuthorizationRequest.TryRead(fields, out var request, out problem))
        {
            return EmulatorAnswer.Browser(ConsentPage.Refusal(problem));
        }

        if (fields.One("decision") == "deny")
        {
            return EmulatorAnswer.Redirect(request.Redirect("error", "access_denied"));
        }

        var granted = fields.All("granted").Distinct(StringComparer.Ordinal).ToList();
        if (fields.One("decision") != "allow" || world.AccountByKey(fields.One("account")) is not { } account)
        {
            return EmulatorAnswer.Browser(Page(request, null, "Choose an account, then allow or deny."));
        }

        if (granted.Count == 0 || granted.Exists(scope => !request.Scopes.Contains(scope)))
        {
            return EmulatorAnswer.Browser(Page(request, account.Key, "Tick at least one permission, or deny."));
        }

        var consent = ledger.AddConsent(account, request.ClientId, granted, options.NewConsentEndsEarlier);
        return EmulatorAnswer.Redirect(request.Redirect("code", ledger.AddCode(consent, request.RedirectUri, request.CodeChallenge, now)));
    }

    /// <param name="hint">The key or e-mail address of the account to choose beforehand; another text chooses the first.</param>
    private ConsentPage Page(AuthorizationRequest request, string? hint, string? problem)
    {
        var chosen = world.Accounts.FirstOrDefault(account => account.Key == hint || account.Email == hint) ?? world.Accounts[0];
        return new ConsentPage(
            request,
            problem,
            [.. request.Scopes.Select(scope => new ConsentScope(scope, CalendlyScopes.InWords(scope)))],
            [.. world.Accounts.Select(account => new ConsentAccount(account.Key, account.Name, account.Email, account == chosen))]);
    }

    private EmulatorAnswer Token(EmulatorCall call, DateTimeOffset now)
    {
        TokenCalls++;
        if (FormFields.OfBody(call) is not { } fields)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "The body must be a form.");
        }

        if (BasicClient(call) is not { } clientId)
        {
            return Error(StatusCodes.Status401Unauthorized, "invalid_client", "Client authentication failed.").With("WWW-Authenticate", "Basic realm=\"calendly\"");
        }

        return fields.One("grant_type") switch
        {
            "authorization_code" => TradeCode(fields, clientId, now),
            "refresh_token" => TradeRefreshToken(fields, clientId, now),
            null => Error(StatusCodes.Status400BadRequest, "invalid_request", "grant_type is missing."),
            _ => Error(StatusCodes.Status400BadRequest, "unsupported_grant_type", "This grant type is not supported."),
        };
    }

    private EmulatorAnswer TradeCode(FormFields fields, string clientId, DateTimeOffset now)
    {
        if (fields.One("code") is not { } text || fields.One("redirect_uri") is not { } redirectUri || fields.One("code_verifier") is not { } verifier)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "code, redirect_uri and code_verifier are required.");
        }

        if (ledger.Code(text) is not { } code)
        {
            return DeadGrant();
        }

        var standing = TokenStanding(code.Consent.Account, now);
        if (!standing.Allowed)
        {
            return TooMany(standing);
        }

        if (code.IsUsed)
        {
            if (options.ReuseRevokesFamily)
            {
                code.Consent.Revoke();
            }

            return DeadGrant();
        }

        // Used up by being presented, right or wrong: somebody who guesses has one try.
        code.IsUsed = true;
        return now < code.ExpiresAt && code.Consent.ClientId == clientId && code.RedirectUri == redirectUri && Challenge(verifier) == code.Challenge
            ? Issue(code.Consent, now)
            : DeadGrant();
    }

    private EmulatorAnswer TradeRefreshToken(FormFields fields, string clientId, DateTimeOffset now)
    {
        if (fields.One("refresh_token") is not { } text)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "refresh_token is required.");
        }

        if (!text.StartsWith("mock_rt_", StringComparison.Ordinal) || ledger.Token(text) is not { } token || token.Consent.ClientId != clientId)
        {
            return DeadGrant();
        }

        var standing = TokenStanding(token.Consent.Account, now);
        if (!standing.Allowed)
        {
            return TooMany(standing);
        }

        if (token.Successor is { } successor)
        {
            SpentRefreshTokensPresented++;
            if (now - successor.At < options.RotationGrace && successor.Refresh.IsLive(now))
            {
                return Answer(token.Consent, successor.Access, successor.Refresh, now);
            }

            if (options.ReuseRevokesFamily)
            {
                token.Consent.Revoke();
            }
        }

        if (!token.IsLive(now))
        {
            return DeadGrant();
        }

        if (!options.OldAccessTokenLivesOn)
        {
            token.Consent.Revoke();
        }

        var (access, refresh) = ledger.AddPair(token.Consent, now);
        token.Successor = (access, refresh, now);
        return Answer(token.Consent, access, refresh, now);
    }

    private EmulatorAnswer Issue(Consent consent, DateTimeOffset now)
    {
        var (access, refresh) = ledger.AddPair(consent, now);
        return Answer(consent, access, refresh, now);
    }

    private static EmulatorAnswer Answer(Consent consent, LedgerToken access, LedgerToken refresh, DateTimeOffset now)
    {
        return Private(new EmulatorAnswer(StatusCodes.Status200OK, EmulatorJson.Write(json =>
        {
            json.WriteString("token_type", "Bearer");
            json.WriteString("access_token", access.Text);
            json.WriteString("refresh_token", refresh.Text);
            json.WriteString("scope", string.Join(' ', consent.Scopes));
            json.WriteNumber("created_at", now.ToUnixTimeSeconds());
            json.WriteNumber("expires_in", (int)TokenLedger.AccessLifetime.TotalSeconds);
            json.WriteString("owner", consent.Account.Uri);
            json.WriteString("organization", consent.Account.OrganizationUri);
        })));
    }

    private EmulatorAnswer Revoke(EmulatorCall call)
    {
        if (FormFields.OfBody(call) is not { } fields || fields.One("token") is not { } text)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "token is required.");
        }

        if (BodyClient(fields) is not { } clientId)
        {
            return Error(StatusCodes.Status403Forbidden, "invalid_client", "Client authentication failed.");
        }

        // An unknown token, or another client's, is as good as revoked (RFC 7009, section 2.2).
        if (ledger.Token(text) is { } token && token.Consent.ClientId == clientId)
        {
            if (token.IsRefresh)
            {
                token.Consent.Revoke();
            }

            token.IsRevoked = true;
        }

        return Private(new EmulatorAnswer(StatusCodes.Status200OK, "{}"u8.ToArray()));
    }

    private EmulatorAnswer Introspect(EmulatorCall call, DateTimeOffset now)
    {
        if (FormFields.OfBody(call) is not { } fields || fields.One("token") is not { } text)
        {
            return Error(StatusCodes.Status400BadRequest, "invalid_request", "token is required.");
        }

        if (BodyClient(fields) is not { } clientId)
        {
            return Error(StatusCodes.Status401Unauthorized, "invalid_client", "Client authentication failed.");
        }

        var token = ledger.Token(text);
        return Private(new EmulatorAnswer(StatusCodes.Status200OK, EmulatorJson.Write(json =>
        {
            var active = token is not null && token.Consent.ClientId == clientId && token.IsLive(now);
            json.WriteBoolean("active", active);
            if (!active)
            {
                return;
            }

            json.WriteString("scope", string.Join(' ', token!.Consent.Scopes));
            json.WriteString("client_id", token.Consent.ClientId);
            json.WriteString("token_type", "Bearer");
            if (token.ExpiresAt is { } expiresAt)
            {
                json.WriteNumber("exp", expiresAt.ToUnixTimeSeconds());
            }

            json.WriteNumber("iat", token.IssuedAt.ToUnixTimeSeconds());
            json.WriteString("owner", token.Consent.Account.Uri);
            json.WriteString("organization", token.Consent.Account.OrganizationUri);
        })));
    }

    private RateStanding TokenStanding(EmulatedAccount account, DateTimeOffset now) => rates.Take("token", account.Id, options.TokenCallsPerMinute, now);

    private EmulatorAnswer DeadGrant() =>
        Error(options.InvalidGrantStatus, "invalid_grant", "The provided authorization grant is invalid, expired, revoked, or was issued to another client.");

    private static EmulatorAnswer TooMany(RateStanding standing) =>
        standing.Mark(Error(StatusCodes.Status429TooManyRequests, "invalid_request", "Too many tokens were asked for."));

    private static EmulatorAnswer Error(int status, string code, string description) => Private(new EmulatorAnswer(status, EmulatorJson.Write(json =>
    {
        json.WriteString("error", code);
        json.WriteString("error_description", description);
    })));

    private static EmulatorAnswer Private(EmulatorAnswer answer) => answer.With("Cache-Control", "no-store").With("Pragma", "no-cache");

    /// <summary>The client's id when the Basic header names an accepted client.</summary>
    private string? BasicClient(EmulatorCall call)
    {
        if (call.Authorization is not { } header || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[1024];
        if (header.Length > 1024 || !Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return null;
        }

        // RFC 6749, section 2.3.1: both are form-encoded before they are put together.
        var (id, secret) = (FormDecode(pair[..colon]), FormDecode(pair[(colon + 1)..]));
        return options.AcceptsClient(id, secret) ? id : null;
    }

    private static string FormDecode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private string? BodyClient(FormFields fields) =>
        fields.One("client_id") is { } id && fields.One("client_secret") is { } secret && options.AcceptsClient(id, secret) ? id : null;

    private static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));
}
