using System.Text;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>A world that stands at Monday 2 March 2026, 10:00 in New York, and the calls that tests make to it.</summary>
internal sealed class EmulatorFixture
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    public const string RedirectUri = "http://localhost:5080/api/calendly/oauth/callback";
    public static readonly string AnaUser = WorldAccounts.Ana.Uri;
    private string? _anaToken;

    public EmulatorFixture()
    {
        Clock = new MockClock(Start);
        Emulator = new CalendlyEmulator(Clock);
    }

    public MockClock Clock { get; }

    public CalendlyEmulator Emulator { get; }

    /// <summary>Allows everything that a test may want to do; what a scope forbids is tested with other tokens.</summary>
    public string AnaToken => _anaToken ??= Emulator.Grant("ana", [.. CalendlyScopes.Usual, "event_types:write", "availability:write"]).AccessToken.Reveal();

    public static string Sessions(string more = "") => $"/scheduled_events?user={Uri.EscapeDataString(AnaUser)}{more}";

    public static string Session(string key) => $"/scheduled_events/{EmulatedIds.Session("ana", key)}";

    /// <param name="target">A path and query, or a full address of Calendly's.</param>
    public Task<EmulatorAnswer> Get(string target, string? token = null) =>
        Emulator.HandleAsync(
            new EmulatorCall("GET", target.Replace("https://api.calendly.com", string.Empty, StringComparison.Ordinal)) { Authorization = $"Bearer {token ?? AnaToken}" },
            TestContext.Current.CancellationToken);

    public Task<EmulatorAnswer> Cancel(string key, string? body = null, string? token = null) => Send("POST", $"{Session(key)}/cancellation", body, token);

    /// <param name="body">JSON, or null for none.</param>
    public Task<EmulatorAnswer> Send(string method, string target, string? body, string? token = null) =>
        Emulator.HandleAsync(
            new EmulatorCall(method, target)
            {
                Authorization = $"Bearer {token ?? AnaToken}",
                ContentType = body is null ? null : "application/json",
                Body = Encoding.UTF8.GetBytes(body ?? string.Empty),
            },
            TestContext.Current.CancellationToken);

    public Task<EmulatorAnswer> PostForm(string path, Dictionary<string, string> fields, string? client = "mock-client:mock-secret") =>
        Emulator.HandleAsync(
            new EmulatorCall("POST", path)
            {
                Authorization = client is null ? null : $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(client))}",
                ContentType = "application/x-www-form-urlencoded",
                Body = Encoding.UTF8.GetBytes(string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"))),
            },
            TestContext.Current.CancellationToken);

    public Task<EmulatorAnswer> Refresh(string refreshToken) =>
        PostForm("/oauth/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    /// <summary>The fields of the consent form with Allow pressed; a test changes what it is about.</summary>
    public static Dictionary<string, string> Consent() => new()
    {
        ["client_id"] = "mock-client",
        ["response_type"] = "code",
        ["redirect_uri"] = RedirectUri,
        ["code_challenge"] = Challenge,
        ["code_challenge_method"] = "S256",
        ["scope"] = "users:read",
        ["state"] = "st/1 &",
        ["account"] = "ana",
        ["granted"] = "users:read",
        ["decision"] = "allow",
    };

    /// <summary>A code for the RFC's verifier.</summary>
    public async Task<string> Code()
    {
        var answer = await PostForm("/oauth/authorize", Consent(), client: null);
        var query = new Uri(answer.Header("Location")!).Query;
        return query.Split("code=")[1].Split('&')[0];
    }

    public static Dictionary<string, string> Exchange(string code) => new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = RedirectUri,
        ["code_verifier"] = Verifier,
    };

    public static JsonElement Json(EmulatorAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }

    public static string Text(EmulatorAnswer answer, string name) => Json(answer).GetProperty(name).GetString()!;

    public static List<JsonElement> Rows(EmulatorAnswer answer) => [.. Json(answer).GetProperty("collection").EnumerateArray()];

    public static List<string> Ids(EmulatorAnswer answer) => [.. Rows(answer).Select(row => CalendlyUri.LastSegment(row.GetProperty("uri").GetString()!))];

    /// <summary>The first parameter that a 400 names.</summary>
    public static string Parameter(EmulatorAnswer answer) => Json(answer).GetProperty("details")[0].GetProperty("parameter").GetString()!;

    /// <summary>What the 400 says about it.</summary>
    public static string Problem(EmulatorAnswer answer) => Json(answer).GetProperty("details")[0].GetProperty("message").GetString()!;

    public static string? PageAddress(EmulatorAnswer answer, string name) => Json(answer).GetProperty("pagination").GetProperty(name).GetString();
}
