using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure.Operations;

public sealed class RevokeAllOnSqliteTests() : RevokeAllTests(Engine.Sqlite);

public sealed class RevokeAllOnPostgreSqlTests() : RevokeAllTests(Engine.PostgreSql);

/// <summary>The command in a process of its own, against a Calendly over HTTP.</summary>
public abstract class RevokeAllTests(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_half_way_it_goes_on_where_it_was_and_no_usable_token_is_left()
    {
        // A thousand take minutes, so they are for whoever asks.
        var people = int.Parse(Environment.GetEnvironmentVariable("REVOKE_ALL_PEOPLE") ?? "60", System.Globalization.CultureInfo.InvariantCulture);
        var emulator = new CalendlyEmulator(TimeProvider.System);
        await using var calendly = await ServeAsync(emulator);
        var key = "test:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Assert.True(TokenKeys.TryParse(key, out var keys, out _));
        using var rig = new TokenStoreRig(engine, keys: keys, clockIsVirtual: false, mode: new CalendlyMode(IsReal: true));
        var issued = new List<string>();
        for (var number = 0; number < people; number++)
        {
            var grant = emulator.Grant("ana");
            issued.AddRange([grant.AccessToken.Reveal(), grant.RefreshToken.Reveal()]);
            await rig.Store.ConnectAsync(
                await rig.PersonAsync($"person:{number}"),
                new IssuedTokens(grant.AccessToken, grant.RefreshToken, grant.Scopes, TimeSpan.FromHours(2), $"{grant.OwnerUri}{number}", grant.OrganizationUri),
                Cancel);
        }

        await using var connection = await rig.Database.OpenConnectionAsync(Cancel);
        var settings = Settings(rig, key, calendly.Urls.Single());

        var (asked, wouldEnd, _) = await CommandProcess.RunAsync(settings, "revoke-all");
        Assert.Equal(2, asked);
        Assert.Contains($"{people} connections", wouldEnd, StringComparison.Ordinal);
        Assert.Equal(0, await LeftAsync(connection, "pending_revocation"));

        await CommandProcess.KillAtAsync("50 disconnected", settings, "revoke-all", "--yes");
        var connected = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM calendly_connection WHERE status <> 'disconnected'");
        Assert.InRange(connected, 1, people - 50);

        await CommandProcess.KillAtAsync("pairs wait", settings, "revoke-all", "--yes");
        Assert.InRange(await LeftAsync(connection, "pending_revocation"), 1, people);

        // A minute later; what the killed process had taken up is free again.
        await connection.ExecuteAsync("UPDATE pending_revocation SET not_before = created_at");
        var (code, output, errors) = await CommandProcess.RunAsync(settings, "revoke-all", "--yes");

        Assert.True(code == 0, $"{output}\n{errors}");
        Assert.Contains("every pair is over", output, StringComparison.Ordinal);
        Assert.Equal(0, await LeftAsync(connection, "pending_revocation"));
        Assert.Equal(people, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM calendly_connection WHERE status = 'disconnected'"));
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>("""SELECT count(*) FROM "User" WHERE "calendlyAccessToken" IS NOT NULL OR "calendlyRefreshToken" IS NOT NULL"""));
        Assert.Equal(people, (await rig.DiaryAsync()).Count(kind => kind == TokenEventKind.Revoked));
        Assert.Equal(4, (await rig.DiaryAsync()).Count(kind => kind == TokenEventKind.Operated));
        Assert.Equal(0, await UsableAsync(calendly.Urls.Single(), issued));
        Assert.DoesNotContain(issued, token => (output + errors).Contains(token, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Settings(TokenStoreRig rig, string key, string address) => new()
    {
        ["USE_REAL_CALENDLY"] = "true",
        ["CALENDLY_CLIENT_ID"] = EmulatorOptions.MockClientId,
        ["CALENDLY_CLIENT_SECRET"] = EmulatorOptions.MockClientSecret,
        ["CALENDLY_WEBHOOK_SIGNING_KEY"] = "not-used-in-this-test",
        ["CALENDLY_API_BASE_URL"] = address + EmulatorRoutes.Prefix,
        ["CALENDLY_AUTH_BASE_URL"] = address + EmulatorRoutes.Prefix,
        ["TOKEN_KEYS"] = key,
        ["DATA_DIR"] = rig.Engine == Engine.Sqlite ? Path.GetDirectoryName(rig.Address)! : Path.GetTempPath(),
        ["SUPABASE_DB_URL"] = rig.Engine == Engine.Sqlite ? string.Empty : rig.Address,
    };

    private static async Task<WebApplication> ServeAsync(CalendlyEmulator emulator)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(emulator);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapEmulator();
        await app.StartAsync(Cancel);
        return app;
    }

    private static Task<long> LeftAsync(System.Data.Common.DbConnection connection, string table) =>
        connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}");

    private static async Task<int> UsableAsync(string address, IReadOnlyList<string> tokens)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var usable = 0;
        foreach (var token in tokens)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_id"] = EmulatorOptions.MockClientId,
                ["client_secret"] = EmulatorOptions.MockClientSecret,
                ["token"] = token,
            });
            using var answer = await http.PostAsync(EmulatorRoutes.Prefix + "/oauth/introspect", form, Cancel);
            usable += (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("active").GetBoolean() ? 1 : 0;
        }

        return usable;
    }
}
