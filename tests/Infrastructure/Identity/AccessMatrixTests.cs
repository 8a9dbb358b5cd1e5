using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Identity;

/// <summary>Every route that names an object, and who gets what. Another's object does not exist: 404, never 403.</summary>
public sealed class AccessMatrixTests
{
    private const string Malformed = "not%20an%20id";
    private const string Unknown = "00000000-0000-4000-8000-000000000000";

    // The columns in the order in which they are tried. Ana asks for her own, for another coach's, for one that nobody has and
    // for what is no id; the others ask for hers. Her own come late, because they have effects; the realtor may accept.
    private static readonly string[] Columns = ["others", "unknown", "malformed", "anonymous", "delegate", "admin", "own", "realtor"];

    private const string Table = """
        route                                                    others unknown malformed anonymous delegate admin own realtor
        GET  /sessions/{session}                                 404    404     400       302       200      403   200 403
        GET  /sessions/{session}/row                             404    404     400       302       200      403   200 403
        GET  /sessions/{session}/cancellation                    404    404     400       302       403      403   200 403
        POST /sessions/{session}/cancellation                    404    404     400       302       403      403   303 403
        POST /api/calendly/events/cancel                         404    404     400       401       403      403   409 403
        GET  /event-types/{type}                                 404    404     400       302       200      403   200 403
        GET  /event-types/{type}/bookability                     404    404     400       302       200      403   200 403
        GET  /event-types/{type}/links                           404    404     400       302       403      403   200 403
        POST /event-types/{type}/links                           404    404     400       302       403      403   303 403
        POST /event-types/{type}/links/removal                   404    404     400       302       403      403   303 403
        POST /event-types/{type}/listing                         404    404     400       302       403      403   303 403
        GET  /schedules/{schedule}/event-types                   404    404     400       302       200      403   200 403
        GET  /schedules/{schedule}/hours                         404    404     400       302       403      403   200 403
        POST /schedules/{schedule}/hours                         404    404     400       302       403      403   200 403
        GET  /schedules/event-types/{type}/hours                 404    404     400       302       403      403   200 403
        POST /schedules/event-types/{type}/hours                 404    404     400       302       403      403   200 403
        GET  /free-times?eventType={type}                        404    404     400       302       200      404   200 404
        GET  /free-times/slot?eventType={type}&start=2026-03-10T13:00:00Z 404 404 400     302       409      404   409 404
        GET  /free-times/next?eventType={type}                   404    404     400       302       200      404   200 404
        GET  /free-times/text?eventType={type}                   404    404     404       302       200      404   200 404
        GET  /api/calendly/availability/free?eventUri=https://api.calendly.com/event_types/{type} 404 404 400 401 200 404 200 404
        POST /event-types/{type}/activation                      404    404     400       302       403      403   303 403
        GET  /delegates/accept?token={invitation}                403    404     400       302       403      403   403 200
        POST /delegates/{delegate}/removal                       404    404     400       302       403      403   302 403
        POST /delegates/accept                                   403    404     400       302       403      403   403 302
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_gets_what_the_table_says_and_nobody_touches_what_is_not_theirs()
    {
        var calls = new ConcurrentQueue<(long? Owner, string Method)>();
        await using var app = new DashboardApp(services => services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new Recorder(calls))));
        var people = new Dictionary<string, HttpClient>
        {
            ["own"] = await app.ClientAsync("ana"),
            ["anonymous"] = await app.ClientAsync(),
            ["realtor"] = await app.ClientAsync("rita"),
            ["delegate"] = await app.ClientAsync("dora"),
            ["admin"] = await app.ClientAsync("adam"),
        };
        var (ids, ana) = await ObjectsAsync(app);
        var rows = Table.Split('\n').Skip(1).Select(Row.Of).ToList();
        calls.Clear();

        var wrong = new List<string>();
        foreach (var (column, index) in Columns.Select((column, index) => (column, index)))
        {
            // A delegate of Ana's is there until her own removal has been tried.
            var client = people.GetValueOrDefault(column, people["own"]);
            foreach (var row in rows)
            {
                var status = await StatusAsync(client, row, ids[column is "others" or "unknown" or "malformed" ? column : "own"]);
                var allowed = column == "own" ? calls.All(call => call.Owner == ana)
                    : column is "others" or "unknown" or "malformed" or "delegate" ? calls.All(call => call == (ana, "GET"))
                    : calls.IsEmpty;
                calls.Clear();
                if (status != row.Statuses[index] || !allowed)
                {
                    wrong.Add($"{row.Method} {row.Path}, {column}: {status}, expected {row.Statuses[index]}{(allowed ? "" : ", and called Calendly as somebody else or changed something")}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_single_use_link_is_taken_off_the_list_by_its_owner_alone()
    {
        await using var app = new DashboardApp();
        using var ana = await app.ClientAsync("ana");
        using var priya = await app.ClientAsync("priya");
        var links = $"/event-types/{EmulatedIds.EventType("ana", "private-visit")}/links";
        using (await DashboardApp.PostFormAsync(ana, links))
        {
        }

        using var page = await (await ana.GetAsync(links, Cancel)).DocumentAsync();
        var link = page.QuerySelector("input[name=link]")!.GetAttribute("value")!;

        using (await DashboardApp.PostFormAsync(priya, $"/event-types/{EmulatedIds.EventType("priya", "circle")}/links/removal", ("link", link)))
        using (await DashboardApp.PostFormAsync(priya, $"{links}/removal", ("link", link)))
        {
        }

        using var after = await (await ana.GetAsync(links, Cancel)).DocumentAsync();
        Assert.Single(after.QuerySelectorAll("[data-testid=made-link]"));
    }

    private static async Task<(Dictionary<string, Dictionary<string, string>> Ids, long Ana)> ObjectsAsync(DashboardApp app)
    {
        var people = app.Services.GetRequiredService<People>();
        var delegations = app.Services.GetRequiredService<Delegations>();
        async Task<long> IdAsync(string key) => await people.FindOrAddAsync(Personas.Find(key)!.UserId, Cancel);
        var (ana, priya, dora, luca) = (await IdAsync("ana"), await IdAsync("priya"), await IdAsync("dora"), await IdAsync("luca"));
        await delegations.BeginAsync([(ana, dora, "Dora"), (priya, luca, "Luca")], Cancel);
        var ids = new Dictionary<string, Dictionary<string, string>>
        {
            ["own"] = Ids(
                EmulatedIds.Session("ana", "guests"), EmulatedIds.EventType("ana", "private-visit"), EmulatedIds.Schedule("ana", "evenings"), $"{dora}", await delegations.InviteAsync(ana, Cancel)),
            ["others"] = Ids(
                EmulatedIds.Session("priya", "tomorrow"), EmulatedIds.EventType("priya", "pricing-clinic"), EmulatedIds.Schedule("priya", "working-hours"), $"{luca}", await delegations.InviteAsync(priya, Cancel)),
            ["unknown"] = Ids(Unknown, Unknown, Unknown, "999999", new string('A', 43)),
            ["malformed"] = Ids(Malformed, Malformed, Malformed, Malformed, Malformed),
        };
        return (ids, ana);
    }

    private static Dictionary<string, string> Ids(string session, string type, string schedule, string delegateId, string invitation) => new()
    {
        ["session"] = session,
        ["type"] = type,
        ["schedule"] = schedule,
        ["delegate"] = delegateId,
        ["invitation"] = invitation,
    };

    private static async Task<int> StatusAsync(HttpClient client, Row row, Dictionary<string, string> ids)
    {
        var path = ids.Aggregate(row.Path, (text, id) => text.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), path);
        if (row.Method == "POST")
        {
            request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
            request.Content = row.Path.StartsWith("/api/", StringComparison.Ordinal)
                ? new StringContent($$"""{"uuid": "{{ids["session"]}}"}""", Encoding.UTF8, "application/json")
                : new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["reason"] = "x",
                    ["active"] = "false",
                    ["shown"] = "false",
                    ["link"] = "1",
                    ["seen"] = "x",
                    ["do"] = "add-monday",
                    ["token"] = ids["invitation"],
                });
        }

        using var answer = await client.SendAsync(request, Cancel);
        return (int)answer.StatusCode;
    }

    private sealed record Row(string Method, string Path, IReadOnlyList<int> Statuses)
    {
        public static Row Of(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new Row(words[0], words[1], [.. words.Skip(2).Select(word => int.Parse(word, CultureInfo.InvariantCulture))]);
        }
    }

    // Sees every call with whose connection it is made.
    private sealed class Recorder(ConcurrentQueue<(long? Owner, string Method)> calls) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            calls.Enqueue((CalendlyCall.Of(request).UserId, request.Method.Method));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
