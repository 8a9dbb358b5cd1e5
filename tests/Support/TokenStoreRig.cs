using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalendlySlices.Tests.Support;

/// <summary>A token store over a database file of its own, a clock that stands still, and one person in it.</summary>
internal sealed class TokenStoreRig : IDisposable
{
    public const string Owner = "https://api.calendly.com/users/USRK4T7WQ2M9XB6L";
    public const string Organization = "https://api.calendly.com/organizations/ORGP3N8VZ5C1HD7F";

    private readonly string _folder = Directory.CreateTempSubdirectory("calendly-slices-").FullName;

    public TokenStoreRig()
    {
        Database = new SqliteDataSource(Path.Combine(_folder, "test.db"));
        new Migrations(Database, NullLogger<Migrations>.Instance).Apply();
        Store = StoreOf(new CalendlyMode(IsReal: false));
    }

    public FakeClock Clock { get; } = new();

    public SqliteDataSource Database { get; }

    public TokenStore Store { get; }

    public TokenStore StoreOf(CalendlyMode mode) => new(Database, new Envelope(TokenKeys.Mock), mode, Clock);

    public Task<long> PersonAsync(string name) => new People(Database).FindOrAddAsync(name, TestContext.Current.CancellationToken);

    /// <summary>A person who is connected with the pair <c>access-1</c>, <c>refresh-1</c>.</summary>
    public async Task<long> ConnectedPersonAsync(string name = "persona:dana")
    {
        var userId = await PersonAsync(name);
        await Store.ConnectAsync(userId, Pair(1), TestContext.Current.CancellationToken);
        return userId;
    }

    public static IssuedTokens Pair(int number, string owner = Owner, TimeSpan? lifetime = null) => new(
        new Secret($"access-{number}"), new Secret($"refresh-{number}"), ["users:read", "scheduled_events:write"], lifetime ?? TimeSpan.FromHours(2), owner, Organization);

    public void Dispose()
    {
        Database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
