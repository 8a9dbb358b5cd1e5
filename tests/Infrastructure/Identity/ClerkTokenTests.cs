using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Identity;

/// <summary>Tokens that look like Clerk's, and what is wrong with them.</summary>
public sealed class ClerkTokenTests
{
    private const string Page = "/connection";
    private const string Json = "/api/calendly/status";

    private static readonly TokenForge Stranger = TokenForge.Rsa("ins_1");
    private static readonly TokenForge Curve = TokenForge.Curve("ins_1");

    private static readonly Dictionary<string, (TokenProblem Problem, Func<ClerkRig, string> Make)> Bad = new()
    {
        ["no signature at all (alg none)"] = (TokenProblem.Malformed, rig => Unsigned(rig, "none")),
        ["alg none with some signature"] = (TokenProblem.Algorithm, rig => rig.Key.Sign(rig.Key.Header("none"), rig.Claims())),
        ["HS256 with the public key for a secret"] = (TokenProblem.Algorithm, rig =>
            TokenForge.SignWith(rig.Key.Header("HS256"), rig.Claims(), text => HMACSHA256.HashData(rig.Key.PublicBytes(), text))),
        ["alg in small letters"] = (TokenProblem.Algorithm, rig => rig.Key.Sign(rig.Key.Header("rs256"), rig.Claims())),
        ["RS512"] = (TokenProblem.Algorithm, rig => rig.Key.Sign(rig.Key.Header("RS512"), rig.Claims())),
        ["ES256, which Clerk does not use"] = (TokenProblem.Algorithm, rig => Curve.Sign(rig.Claims())),
        ["no alg"] = (TokenProblem.Algorithm, rig => rig.Key.Sign(Without(rig.Key.Header(), "alg"), rig.Claims())),
        ["alg as a list"] = (TokenProblem.Algorithm, rig => rig.Key.Sign(With(rig.Key.Header(), "alg", new JsonArray("RS256")), rig.Claims())),
        ["another typ"] = (TokenProblem.Type, rig => rig.Key.Sign(With(rig.Key.Header(), "typ", "at+jwt"), rig.Claims())),
        ["no typ"] = (TokenProblem.Type, rig => rig.Key.Sign(Without(rig.Key.Header(), "typ"), rig.Claims())),
        ["jku"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "jku", rig.Clerk.Address), rig.Claims())),
        ["jwk"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "jwk", new JsonObject()), rig.Claims())),
        ["x5u"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "x5u", rig.Clerk.Address), rig.Claims())),
        ["x5c"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "x5c", new JsonArray("AAAA")), rig.Claims())),
        ["crit"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "crit", new JsonArray("exp")), rig.Claims())),
        ["crit that is null"] = (TokenProblem.Header, rig => rig.Key.Sign(With(rig.Key.Header(), "crit", null), rig.Claims())),
        ["unknown kid"] = (TokenProblem.UnknownKey, rig => rig.Key.Sign(With(rig.Key.Header(), "kid", "ins_9"), rig.Claims())),
        ["no kid"] = (TokenProblem.UnknownKey, rig => rig.Key.Sign(Without(rig.Key.Header(), "kid"), rig.Claims())),
        ["a stranger's signature"] = (TokenProblem.Signature, rig => Stranger.Sign(rig.Claims())),
        ["claims changed after signing"] = (TokenProblem.Signature, rig => Swapped(rig.Key.Sign(rig.Claims("realtor")), rig.Key.Sign(rig.Claims("admin")))),
        ["a stranger's signature on an expired token"] = (TokenProblem.Signature, rig => Stranger.Sign(At(rig, "exp", -3600))),
        ["a stranger's signature on a foreign issuer's token"] = (TokenProblem.Signature, rig => Stranger.Sign(With(rig.Claims(), "iss", "https://evil.example"))),
        ["a stranger's signature on claims that are no JSON"] = (TokenProblem.Signature, rig => Stranger.Sign(Stranger.Header().ToJsonString(), "{")),
        ["claims that are no JSON"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Key.Header().ToJsonString(), "{")),
        ["two subjects"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Key.Header().ToJsonString(), rig.Claims().ToJsonString()[..^1] + ",\"sub\":\"user_other\"}")),
        ["two algs"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Key.Header().ToJsonString()[..^1] + ",\"alg\":\"RS256\"}", rig.Claims().ToJsonString())),
        ["another issuer"] = (TokenProblem.Issuer, rig => rig.Key.Sign(With(rig.Claims(), "iss", "https://clerk.evil.example"))),
        ["the issuer with a slash"] = (TokenProblem.Issuer, rig => rig.Key.Sign(With(rig.Claims(), "iss", rig.Clerk.Address + "/"))),
        ["no issuer"] = (TokenProblem.Issuer, rig => rig.Key.Sign(Without(rig.Claims(), "iss"))),
        ["no azp"] = (TokenProblem.Party, rig => rig.Key.Sign(Without(rig.Claims(), "azp"))),
        ["a foreign azp"] = (TokenProblem.Party, rig => rig.Key.Sign(With(rig.Claims(), "azp", "https://evil.example"))),
        ["an azp that begins like ours"] = (TokenProblem.Party, rig => rig.Key.Sign(With(rig.Claims(), "azp", ClerkRig.Party + ".evil.example"))),
        ["nbf 6 s ahead"] = (TokenProblem.NotYet, rig => rig.Key.Sign(At(rig, "nbf", 6))),
        ["iat 6 s ahead"] = (TokenProblem.NotYet, rig => rig.Key.Sign(At(rig, "iat", 6))),
        ["expired 6 s ago"] = (TokenProblem.Expired, rig => rig.Key.Sign(At(rig, "exp", -6))),
        ["expired 5 s ago"] = (TokenProblem.Expired, rig => rig.Key.Sign(At(rig, "exp", -5))),
        ["no exp"] = (TokenProblem.Times, rig => rig.Key.Sign(Without(rig.Claims(), "exp"))),
        ["exp as text"] = (TokenProblem.Times, rig => rig.Key.Sign(With(rig.Claims(), "exp", "4102444800"))),
        ["exp beyond all numbers"] = (TokenProblem.Times, rig => rig.Key.Sign(rig.Key.Header().ToJsonString(), Without(rig.Claims(), "exp").ToJsonString()[..^1] + ",\"exp\":1e99}")),
        ["no iat"] = (TokenProblem.Times, rig => rig.Key.Sign(Without(rig.Claims(), "iat"))),
        ["nbf as text"] = (TokenProblem.Times, rig => rig.Key.Sign(With(rig.Claims(), "nbf", "0"))),
        ["an empty sub"] = (TokenProblem.Subject, rig => rig.Key.Sign(With(rig.Claims(), "sub", ""))),
        ["a sub that is a number"] = (TokenProblem.Subject, rig => rig.Key.Sign(With(rig.Claims(), "sub", 7))),
        ["no sub"] = (TokenProblem.Subject, rig => rig.Key.Sign(Without(rig.Claims(), "sub"))),
        ["sts pending"] = (TokenProblem.Pending, rig => rig.Key.Sign(With(rig.Claims(), "sts", "pending"))),
        ["sts that is no text"] = (TokenProblem.Pending, rig => rig.Key.Sign(With(rig.Claims(), "sts", null))),
        ["over 4 KiB"] = (TokenProblem.TooLong, rig => rig.Key.Sign(With(rig.Claims(), "more", new string('x', 4000)))),
        ["two parts"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Claims()) is var token ? token[..token.LastIndexOf('.')] : token),
        ["four parts"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Claims()) + ".AAAA"),
        ["a padded part"] = (TokenProblem.Malformed, rig => rig.Key.Sign(rig.Claims()) + "=="),
        ["a handshake's payload"] = (TokenProblem.Issuer, rig => rig.Key.Sign(new JsonObject { ["handshake"] = new JsonArray("__session=x") })),
    };

    public static TheoryData<string> Names => [.. Bad.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_token_is_refused_for_what_is_wrong_with_it(string name)
    {
        await using var rig = await ClerkRig.StartAsync();
        await using var services = rig.Tokens();

        var verdict = await services.GetRequiredService<SessionTokens>().VerifyAsync(Bad[name].Make(rig), Cancel);

        Assert.Equal(Bad[name].Problem, verdict.Problem);
        Assert.Null(verdict.Claims);
    }

    [Fact]
    public async Task No_bad_token_opens_a_page_a_fragment_or_a_json_route()
    {
        await using var rig = await ClerkRig.StartAsync();

        var open = new List<string>();
        foreach (var (name, (problem, make)) in Bad)
        {
            var token = make(rig);
            using var browser = rig.Browser(token).Client;
            using var page = await ClerkRig.OpenAsync(browser, Page);
            using var fragment = await DashboardApp.GetFragmentAsync(browser, Page);
            using var json = await browser.GetAsync(Json, Cancel);
            using var program = await BearerAsync(rig, token);

            // Of them all, only one that was good a while ago is worth a round trip to Clerk.
            var wanted = problem == TokenProblem.Expired ? (HttpStatusCode.TemporaryRedirect, rig.Clerk.Address) : (HttpStatusCode.Redirect, "/sign-in?place=connection");
            if (page.StatusCode != wanted.Item1 || !page.Headers.Location!.ToString().StartsWith(wanted.Item2, StringComparison.Ordinal)
                || new[] { fragment, json, program }.Any(answer => answer.StatusCode != HttpStatusCode.Unauthorized)
                || json.ErrorCode() != "NOT_SIGNED_IN")
            {
                open.Add($"{name}: page {page.StatusCode} {page.Headers.Location}, fragment {fragment.StatusCode}, json {json.StatusCode}, bearer {program.StatusCode}");
            }
        }

        Assert.Empty(open);
    }

    [Theory]
    [InlineData("exp", -4)]
    [InlineData("nbf", 5)]
    [InlineData("iat", 5)]
    public async Task Five_seconds_of_difference_between_the_clocks_do_no_harm(string claim, int seconds)
    {
        await using var rig = await ClerkRig.StartAsync();
        await using var services = rig.Tokens();

        Assert.Null((await services.GetRequiredService<SessionTokens>().VerifyAsync(rig.Key.Sign(At(rig, claim, seconds)), Cancel)).Problem);
    }

    [Fact]
    public async Task A_good_token_opens_pages_and_json_routes_from_a_cookie_and_from_a_header()
    {
        await using var rig = await ClerkRig.StartAsync();
        var token = rig.Key.Sign(rig.Claims());
        using var browser = rig.Browser(token).Client;

        using var page = await ClerkRig.OpenAsync(browser, Page);
        using var json = await browser.GetAsync(Json, Cancel);
        using var program = await BearerAsync(rig, token);

        Assert.Contains("Cora Lane", await page.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        Assert.Equal(HttpStatusCode.OK, program.StatusCode);
    }

    [Fact]
    public async Task A_token_of_4_KiB_is_not_too_long()
    {
        await using var rig = await ClerkRig.StartAsync();
        var room = SessionTokens.MaxBytes - rig.Key.Sign(With(rig.Claims(), "more", "")).Length;
        var token = rig.Key.Sign(With(rig.Claims(), "more", new string('x', room * 3 / 4)));

        await using var services = rig.Tokens();

        Assert.InRange(token.Length, SessionTokens.MaxBytes - 3, SessionTokens.MaxBytes);
        Assert.Null((await services.GetRequiredService<SessionTokens>().VerifyAsync(token, Cancel)).Problem);
    }

    private static async Task<HttpResponseMessage> BearerAsync(ClerkRig rig, string token)
    {
        using var program = rig.App.CreateDefaultClient();
        program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await program.GetAsync(Json, Cancel);
    }

    private static string Unsigned(ClerkRig rig, string algorithm) =>
        rig.Key.Sign(rig.Key.Header(algorithm), rig.Claims()) is var token ? token[..(token.LastIndexOf('.') + 1)] : token;

    private static string Swapped(string signed, string wanted) => string.Join('.', signed.Split('.')[0], wanted.Split('.')[1], signed.Split('.')[2]);

    private static JsonObject At(ClerkRig rig, string claim, int secondsFromNow) =>
        With(rig.Claims(), claim, rig.Clock.GetUtcNow().ToUnixTimeSeconds() + secondsFromNow);

    private static JsonObject With(JsonObject part, string name, JsonNode? value)
    {
        part[name] = value;
        return part;
    }

    private static JsonObject Without(JsonObject part, string name)
    {
        part.Remove(name);
        return part;
    }
}
