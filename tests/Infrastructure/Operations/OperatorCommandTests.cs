using System.Data.Common;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Operations;

public sealed class OperatorCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_are_counted_by_state_reason_and_key()
    {
        await using var app = new DashboardApp();
        var tom = await PersonAsync(app, "tom");
        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(tom, 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);

        var (code, output, _) = await RunAsync(app, "connections");

        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^connected\s+-\s+mock\s+3\r?$", output);
        Assert.Matches(@"(?m)^needs_reconnect\s+revoked\s+mock\s+1\r?$", output);
        Assert.Contains("0 pairs wait", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliveries_are_counted_by_state_and_those_given_up_are_worked_on_again()
    {
        await using var app = new DashboardApp();
        using var unreadable = await app.DeliverAsync("{");
        using var good = await app.DeliverAsync(SignedDelivery.Body("invitee.created", app.Books(), WorldAccounts.Ana));
        await app.SettledAsync();
        await using (var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("UPDATE webhook_delivery SET state = 'dead' WHERE state = 'done'");
        }

        var (code, counted, _) = await RunAsync(app, "inbox");
        var (_, requeued, _) = await RunAsync(app, "inbox", "--requeue");
        await app.SettledAsync();
        var (_, after, _) = await RunAsync(app, "inbox");

        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^dead\s+2\r?$", counted);
        Assert.StartsWith("1 given up before", requeued, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^done\s+1\r?$", after);
        Assert.Matches(@"(?m)^dead\s+1\r?$", after);
        Assert.Single(await app.ToldAsync("ana"));
    }

    [Fact]
    public async Task Leases_are_told_apart_by_whether_they_have_run_out()
    {
        await using var app = new DashboardApp();
        var ana = await PersonAsync(app, "ana");
        await app.Services.GetRequiredService<RefreshLeases>().TakeAsync(ana, 1);

        var (_, held, _) = await RunAsync(app, "leases");
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        var (_, expired, _) = await RunAsync(app, "leases");

        Assert.StartsWith("1 held, 0 expired", held, StringComparison.Ordinal);
        Assert.StartsWith("0 held, 1 expired", expired, StringComparison.Ordinal);
        Assert.Contains(app.Services.GetRequiredService<Instance>().Name, held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_calendly_has_wrongly_called_dead_is_restored_and_said_how_many_it_were()
    {
        await using var app = new DashboardApp();
        var store = app.Services.GetRequiredService<ITokenStore>();
        foreach (var persona in new[] { "ana", "priya" })
        {
            await store.MarkAsync(await PersonAsync(app, persona), 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);
        }

        var (none, _, usage) = await RunAsync(app, "restore-quarantined");
        var (_, later, _) = await RunAsync(app, "restore-quarantined", "--since", "2026-03-02T15:01Z");
        var (code, output, _) = await RunAsync(app, "restore-quarantined", "--since", "2026-03-02T15:00Z");

        Assert.Equal((64, 0), (none, code));
        Assert.Contains("--since", usage, StringComparison.Ordinal);
        Assert.StartsWith("0 connections", later, StringComparison.Ordinal);
        Assert.StartsWith("2 connections", output, StringComparison.Ordinal);
        using var ana = await app.ClientAsync("ana");
        using var sessions = await ana.GetAsync("/api/calendly/events/scheduled", Cancel);
        Assert.True(sessions.IsSuccessStatusCode);
    }

    [Fact]
    public async Task One_person_alone_can_be_revoked()
    {
        await using var app = new DashboardApp();
        var store = app.Services.GetRequiredService<ITokenStore>();
        var (ana, priya) = (await PersonAsync(app, "ana"), await PersonAsync(app, "priya"));
        var token = (await store.ReadAsync(ana, Cancel))!.RefreshToken.Reveal();

        var (unknown, _, _) = await RunAsync(app, "revoke-all", "--user", "persona:nobody", "--yes");
        var (asked, would, _) = await RunAsync(app, "revoke-all", "--user", "persona:ana");
        var before = await store.ReadAsync(ana, Cancel);
        var (code, output, _) = await RunAsync(app, "revoke-all", "--user", "persona:ana", "--yes");

        Assert.Equal((67, 2, 0), (unknown, asked, code));
        Assert.Contains("1 connections", would, StringComparison.Ordinal);
        Assert.NotNull(before);
        Assert.Null(await store.ReadAsync(ana, Cancel));
        Assert.NotNull(await store.ReadAsync(priya, Cancel));
        Assert.Contains("1 connections are ended", output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_of_a_rotation_says_what_lies_under_which_key()
    {
        await using var app = new DashboardApp();

        var (code, output, _) = await RunAsync(app, "rotate-keys", "--status");
        var (usage, _, _) = await RunAsync(app, "rotate-keys");

        Assert.Equal((0, 64), (code, usage));
        Assert.Matches(@"(?m)^mock\s+\d+\s+seals and opens\r?$", output);
    }

    [Fact]
    public async Task The_support_bundle_holds_counts_and_names_and_nothing_about_a_person()
    {
        await using var app = new DashboardApp();
        await PersonAsync(app, "ana");

        var (code, output, _) = await RunAsync(app, "support-bundle");

        Assert.Equal(0, code);
        var bundle = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["at", "authIncident", "connections", "currentKey", "engine", "eventsOfTheLastDay", "keys", "mode", "pendingRevocations", "settings", "version"], bundle.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("mock", "sqlite"), (bundle.GetProperty("mode").GetString(), bundle.GetProperty("engine").GetString()));
        Assert.Contains("USE_REAL_CALENDLY", bundle.GetProperty("settings").EnumerateArray().Select(name => name.GetString()));
        foreach (var secret in new[] { "mock_at_", "mock_rt_", "v1.", "@", "persona:", "Ana", "Ruiz", "/users/", "://", DashboardApp.Now })
        {
            Assert.DoesNotContain(secret, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_use_of_a_command_is_in_the_diary()
    {
        await using var app = new DashboardApp();
        await PersonAsync(app, "ana");
        var events = app.Services.GetRequiredService<ConnectionCensus>();

        foreach (var command in new[] { "connections", "leases", "support-bundle", "revoke-all" })
        {
            await RunAsync(app, command);
        }

        Assert.Equal(4, (await events.CountEventsAsync(Cancel))[TokenEventKind.Operated]);
    }

    [Theory]
    [InlineData("conections")]
    [InlineData("connections", "--all")]
    [InlineData("restore-quarantined", "--since")]
    [InlineData("restore-quarantined", "--since", "yesterday")]
    [InlineData("revoke-all", "--user", "--yes")]
    [InlineData("revoke-all", "--yes", "--yes")]
    [InlineData("leases", "held")]
    public async Task What_is_no_command_is_explained_and_does_nothing(params string[] arguments)
    {
        await using var app = new DashboardApp();

        var (code, output, errors) = await RunAsync(app, arguments);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains("revoke-all [--user <userId>] --yes", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_serves_nobody_and_its_output_is_its_own()
    {
        var data = Directory.CreateTempSubdirectory("calendly-slices-");
        try
        {
            var settings = new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false", ["DATA_DIR"] = data.FullName, ["Logging__LogLevel__Default"] = "Debug" };

            var (code, output, errors) = await CommandProcess.RunAsync(settings, "support-bundle");
            var (unknown, nothing, usage) = await CommandProcess.RunAsync(settings, "serve-me");

            Assert.Equal((0, 64), (code, unknown));
            Assert.Equal("mock", JsonDocument.Parse(output).RootElement.GetProperty("mode").GetString());
            Assert.DoesNotContain("Now listening", output + errors, StringComparison.Ordinal);
            Assert.Empty(nothing);
            Assert.Contains("There is no command serve-me.", usage, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static Task<long> PersonAsync(DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(DashboardApp app, params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.True(OperatorCommands.AreIn(arguments));
        var command = app.Services.GetRequiredService<OperatorCommands>().Read(arguments, errors);
        var code = command is null ? OperatorCommands.UsageError : await command(output, Cancel);
        return (code, output.ToString(), errors.ToString());
    }
}
