using System.Diagnostics;
using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class PlaintextTakeoverOnSqliteTests() : PlaintextTakeoverTests(Engine.Sqlite)
{
    private protected override async Task<string> EverythingStoredAsync()
    {
        var text = new StringBuilder();
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(Rig.Address)!, Path.GetFileName(Rig.Address) + "*"))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync(Cancel));
        }

        return text.ToString();
    }
}

public sealed class PlaintextTakeoverOnPostgreSqlTests() : PlaintextTakeoverTests(Engine.PostgreSql)
{
    private protected override async Task<string> EverythingStoredAsync()
    {
        var address = new NpgsqlConnectionStringBuilder(Rig.Address);
        var program = Path.Combine(Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last(), "bin", "pg_dump");
        using var dump = Process.Start(new ProcessStartInfo(program, ["-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!, address.Database!])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await dump.StandardOutput.ReadToEndAsync(Cancel);
        await dump.WaitForExitAsync(Cancel);
        Assert.Equal(0, dump.ExitCode);
        return text;
    }
}

public abstract class PlaintextTakeoverTests(Engine engine) : IDisposable
{
    private readonly ScriptedOAuth _oauth = new();
    private readonly CapturedLog _log = new();
    private TokenStoreRig? _rig;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected TokenStoreRig Rig => _rig ??= new TokenStoreRig(engine, logging: LoggerFactory.Create(logging => logging.AddProvider(_log)));

    [Fact]
    public async Task A_readable_pair_becomes_a_connection_when_calendly_has_said_whose_it_is()
    {
        var userId = await LeaveAsync("legacy-access", "legacy-refresh");
        _oauth.OnDescribe = token => token == "legacy-refresh"
            ? new Introspection(true, "users:read event_types:write", TokenStoreRig.Owner, TokenStoreRig.Organization)
            : null;

        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        var tokens = await Rig.Store.ReadAsync(userId, Cancel);
        Assert.Equal(("legacy-access", "legacy-refresh", 1), (tokens!.AccessToken.Reveal(), tokens.RefreshToken.Reveal(), tokens.Version));
        Assert.Equal((ConnectionStatus.Connected, TokenStoreRig.Owner, TokenStoreRig.Organization), (tokens.Connection.Status, tokens.Connection.CalendlyUserUri, tokens.Connection.OrganizationUri));
        Assert.True(tokens.Connection.Allows("event_types:read"));
        Assert.Equal([TokenEventKind.TakenOver], await Rig.DiaryAsync());

        // How old the access token is was not written down, so the first use renews it.
        var answer = await Rig.Tokens(_oauth).GetAsync(userId, Cancel);
        Assert.True(answer.Succeeded(out var token, out _));
        Assert.Equal((2, "legacy-refresh"), (token.Version, Assert.Single(_oauth.Presented)));
    }

    [Fact]
    public async Task While_calendly_does_not_answer_the_pair_is_sealed_and_unused_and_asked_about_again()
    {
        var userId = await LeaveAsync("legacy-access", "legacy-refresh");
        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        var waiting = await Rig.Tokens(_oauth).GetAsync(userId, Cancel);
        var stored = await EverythingStoredAsync();
        _oauth.OnDescribe = _ => new Introspection(true, "users:read", TokenStoreRig.Owner, TokenStoreRig.Organization);
        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        Assert.False(waiting.Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.ReconnectRequired, failure!.Code);
        Assert.DoesNotContain("legacy-", stored, StringComparison.Ordinal);
        Assert.Equal(ConnectionStatus.Connected, (await Rig.Store.ReadAsync(userId, Cancel))!.Connection.Status);
    }

    [Fact]
    public async Task No_readable_token_is_left_anywhere()
    {
        foreach (var number in Enumerable.Range(1, 250))
        {
            await LeaveAsync($"legacy-access-{number}", number % 3 == 0 ? null : $"legacy-refresh-{number}", $"left:{number}");
        }

        Assert.Contains("legacy-access-250", await EverythingStoredAsync(), StringComparison.Ordinal);

        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        var stored = await EverythingStoredAsync();
        Assert.DoesNotContain("legacy-", stored, StringComparison.Ordinal);
        Assert.Contains("v1.mock.", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_that_calendly_calls_dead_asks_for_a_new_connection()
    {
        var userId = await LeaveAsync("legacy-access", "legacy-refresh");
        _oauth.OnDescribe = _ => new Introspection(false);

        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        var connection = await Rig.Store.FindAsync(userId, Cancel);
        Assert.Equal((ConnectionStatus.NeedsReconnect, "revoked"), (connection!.Status, connection.StatusReason));
        Assert.Empty(_oauth.Revoked);

        // The account was never known, so connecting is no switch to another one.
        Assert.NotNull(await Rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(2), Cancel));
        Assert.Equal(0, await Rig.Revocations.CountAsync(null, Cancel));
    }

    [Fact]
    public async Task A_pair_of_a_calendly_user_whom_another_person_has_connected_is_given_up()
    {
        var other = await Rig.ConnectedPersonAsync();
        var userId = await LeaveAsync("legacy-access", "legacy-refresh");
        _oauth.OnDescribe = _ => new Introspection(true, "users:read", TokenStoreRig.Owner, TokenStoreRig.Organization);

        await Rig.Takeover(_oauth).WorkAsync(Cancel);
        await Rig.Revoker(_oauth).WorkAsync(Cancel);

        Assert.Equal(["legacy-refresh", "legacy-access"], _oauth.Revoked);
        var connection = await Rig.Store.FindAsync(userId, Cancel);
        Assert.Equal((ConnectionStatus.NeedsReconnect, "account_in_use"), (connection!.Status, connection.StatusReason));
        Assert.Equal(ConnectionStatus.Connected, (await Rig.Store.FindAsync(other, Cancel))!.Status);
    }

    [Fact]
    public async Task A_readable_token_beside_a_connection_is_never_used_and_stays_for_whoever_looks_into_it()
    {
        var userId = await Rig.ConnectedPersonAsync();
        await using var connection = await Rig.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync("""UPDATE "User" SET "calendlyAccessToken" = 'planted-access', "calendlyRefreshToken" = 'planted-refresh'""");
        _oauth.OnDescribe = _ => new Introspection(true, "users:read", TokenStoreRig.Owner + "X", TokenStoreRig.Organization);
        Rig.Clock.Advance(TimeSpan.FromSeconds(6));
        var takeover = Rig.Takeover(_oauth);

        await takeover.WorkAsync(Cancel);
        await takeover.WorkAsync(Cancel);
        var answer = await Rig.Tokens(_oauth).GetAsync(userId, Cancel);

        Assert.False(answer.Succeeded(out _, out var failure));
        Assert.Equal(FailureCode.TokenUnreadable, failure!.Code);
        Assert.Equal("planted-access", await connection.ExecuteScalarAsync<string>("""SELECT "calendlyAccessToken" FROM "User" WHERE "id" = @userId""", new { userId }));
        Assert.Equal(("connected", TokenStoreRig.Owner), await connection.QuerySingleAsync<(string, string)>("SELECT status, calendly_user_uri FROM calendly_connection"));
        Assert.Empty(_oauth.Presented);
        Assert.Single(_log.Lines, line => line.Contains("has put a readable token beside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_connects_before_calendly_has_answered_keeps_the_new_pair()
    {
        var userId = await LeaveAsync("legacy-access", "legacy-refresh");
        await Rig.Takeover(_oauth).SealAsync(Cancel);
        await Rig.Store.ConnectAsync(userId, TokenStoreRig.Pair(5), Cancel);
        _oauth.OnDescribe = _ => new Introspection(false);

        await Rig.Takeover(_oauth).WorkAsync(Cancel);

        var tokens = await Rig.Store.ReadAsync(userId, Cancel);
        Assert.Equal((ConnectionStatus.Connected, "refresh-5"), (tokens!.Connection.Status, tokens.RefreshToken.Reveal()));
    }

    public void Dispose()
    {
        _rig?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<string> EverythingStoredAsync();

    // As the earlier application has written it.
    private async Task<long> LeaveAsync(string access, string? refresh, string name = "left:one")
    {
        var userId = await Rig.PersonAsync(name);
        await using var connection = await Rig.Database.OpenConnectionAsync(Cancel);
        await connection.ExecuteAsync(
            """UPDATE "User" SET "calendlyAccessToken" = @access, "calendlyRefreshToken" = @refresh WHERE "id" = @userId""", new { userId, access, refresh });
        return userId;
    }
}
