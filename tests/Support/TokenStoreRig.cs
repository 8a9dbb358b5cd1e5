using System.Data.Common;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalendlySlices.Tests.Support;

/// <summary>A token store over a database of its own, a clock that stands still, and one person in it. Several rigs over
/// one database stand for several processes.</summary>
internal sealed class TokenStoreRig : IDisposable
{
    public const string Owner = "https://api.calendly.com/users/USRK4T7WQ2M9XB6L";
    public const string Organization = "https://api.calendly.com/organizations/ORGP3N8VZ5C1HD7F";

    private readonly string _folder = Directory.CreateTempSubdirectory("calendly-slices-").FullName;
    private readonly bool _ownsDatabase;
    private readonly Lazy<TokenJournal> _journal;

    /// <param name="another">Null for a database of its own; otherwise the database and the clock of that rig.</param>
    /// <param name="clockIsVirtual">False where the database's own clock is to count.</param>
    public TokenStoreRig(Engine engine = Engine.Sqlite, TokenStoreRig? another = null, TokenKeys? keys = null, bool clockIsVirtual = true, CalendlyMode? mode = null, ILoggerFactory? logging = null, FakeClock? clock = null, string? address = null)
    {
        Logging = logging ?? NullLoggerFactory.Instance;
        Clock = another?.Clock ?? clock ?? new FakeClock();
        Engine = another?.Engine ?? engine;
        Dialect = Engine == Engine.Sqlite ? new SqliteDialect(clockIsVirtual) : new PostgreSqlDialect(clockIsVirtual);
        _ownsDatabase = another is null;
        Address = another?.Address ?? address ?? (Engine == Engine.Sqlite ? Path.Combine(_folder, "calendly-slices.db") : PostgreSqlCluster.Shared.NewDatabase());
        Database = Engine == Engine.Sqlite ? new SqliteDataSource(Address) : PostgreSql.Open(Address);
        if (_ownsDatabase)
        {
            new Migrations(Database, Dialect, NullLogger<Migrations>.Instance).Apply();
        }

        Mode = mode ?? new CalendlyMode(IsReal: false);
        Keys = keys ?? TokenKeys.Mock;
        Envelope = new Envelope(Keys);
        Seal = new PairSeal(Envelope, Mode);
        DatabaseClock = new DatabaseClock(Clock, clockIsVirtual);
        Events = new TokenEvents(Database, Dialect, Instance, new Changes(Database, Clock), Clock);
        Revocations = new Revocations(Database, Dialect, Seal, Events, Clock);
        Store = new TokenStore(Database, Dialect, Seal, Mode, DatabaseClock, Events, Revocations, Clock);
        Leases = new RefreshLeases(Database, Dialect, Instance, Clock);
        _journal = new Lazy<TokenJournal>(() => new TokenJournal(Path.Combine(_folder, "journal"), Envelope, Mode, Logging.CreateLogger<TokenJournal>()));
    }

    public FakeClock Clock { get; }

    public Engine Engine { get; }

    public Dialect Dialect { get; }

    /// <summary>Where the database file, or the journal of this machine, lies.</summary>
    public string Folder => _folder;

    /// <summary>A file's path, or a connection string.</summary>
    public string Address { get; }

    public DbDataSource Database { get; }

    public CalendlyMode Mode { get; }

    public Instance Instance { get; } = Instance.ThisProcess();

    public TokenKeys Keys { get; }

    public Envelope Envelope { get; }

    public PairSeal Seal { get; }

    public DatabaseClock DatabaseClock { get; }

    public TokenEvents Events { get; }

    public Revocations Revocations { get; }

    public TokenStore Store { get; }

    public RefreshLeases Leases { get; }

    public TokenJournal Journal => _journal.Value;

    private ILoggerFactory Logging { get; }

    /// <summary>The same store for another mode, and with a memory of its own.</summary>
    public TokenStore StoreOf(CalendlyMode mode)
    {
        var seal = new PairSeal(Envelope, mode);
        return new(Database, Dialect, seal, mode, DatabaseClock, Events, new Revocations(Database, Dialect, seal, Events, Clock), Clock);
    }

    /// <summary>What hands out tokens over this store, as one process would.</summary>
    /// <param name="store">Stands before this rig's own store where a test wants to see or spoil its calls.</param>
    public AccessTokens Tokens(ICalendlyOAuth oauth, ITokenStore? store = null, TimeProvider? wireTime = null)
    {
        var wire = new WireTime(wireTime ?? new HurriedClock(Clock));
        var keeper = Keeper(store, wire);
        var guard = new MassGuard(Events, Clock, Logging.CreateLogger<MassGuard>());
        var refresh = new TokenRefresh(store ?? Store, Leases, keeper, guard, new RefreshPace(), oauth, DatabaseClock, wire, Clock, Logging.CreateLogger<TokenRefresh>());
        return new AccessTokens(store ?? Store, refresh, keeper, guard, DatabaseClock, Clock, Logging.CreateLogger<AccessTokens>());
    }

    public PairKeeper Keeper(ITokenStore? store = null, WireTime? wire = null) =>
        new(store ?? Store, Journal, Revocations, Events, wire ?? new WireTime(TimeProvider.System), Clock, Logging.CreateLogger<PairKeeper>());

    public RevocationWorker Revoker(ICalendlyOAuth oauth, IWebhookEnd? webhooks = null) =>
        new(Revocations, Seal, oauth, webhooks ?? new NoWebhooks(), new WireTime(new HurriedClock(Clock)), Logging.CreateLogger<RevocationWorker>());

    public KeyRotation Rotation(WireTime? time = null) =>
        new(Database, Keys, Envelope, Seal, Events, JobLeases(), time ?? Hurried(), Logging.CreateLogger<KeyRotation>());

    public PlaintextTakeover Takeover(ICalendlyOAuth oauth) =>
        new(Database, Dialect, Seal, Mode, oauth, Events, Revocations, JobLeases(), Hurried(), Clock, Logging.CreateLogger<PlaintextTakeover>());

    public Housekeeping Housekeeping() =>
        new(Database, Quarantine(), Events, Switches(), JobLeases(), Hurried(), Clock, Logging.CreateLogger<Housekeeping>());

    public Quarantine Quarantine() => new(Database, Dialect, Events, Clock);

    public PendingSwitches Switches() => new(Database, Envelope, Revocations, Clock, Logging.CreateLogger<PendingSwitches>());

    public JobLeases JobLeases() => new(Database, Dialect, Instance);

    public WireTime Hurried() => new(new HurriedClock(Clock));

    public Task<long> PersonAsync(string name) => new People(Database).FindOrAddAsync(name, TestContext.Current.CancellationToken);

    /// <summary>A person who is connected with the pair <c>access-1</c>, <c>refresh-1</c>.</summary>
    public async Task<long> ConnectedPersonAsync(string name = "persona:dana", string owner = Owner)
    {
        var userId = await PersonAsync(name);
        await Store.ConnectAsync(userId, Pair(1, owner), TestContext.Current.CancellationToken);
        return userId;
    }

    /// <summary>What the diary says, oldest first.</summary>
    public async Task<IReadOnlyList<string>> DiaryAsync()
    {
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return [.. await connection.QueryAsync<string>("SELECT kind FROM token_event ORDER BY id")];
    }

    public static IssuedTokens Pair(int number, string owner = Owner, TimeSpan? lifetime = null) => new(
        new Secret($"access-{number}"), new Secret($"refresh-{number}"), ["users:read", "scheduled_events:write"], lifetime ?? TimeSpan.FromHours(2), owner, Organization);

    public void Dispose()
    {
        if (_journal.IsValueCreated)
        {
            _journal.Value.Dispose();
        }

        Database.Dispose();
        if (Engine == Engine.Sqlite && _ownsDatabase)
        {
            SqliteConnection.ClearAllPools();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private sealed class NoWebhooks : IWebhookEnd
    {
        public Task TryEndAsync(long userId, string webhookUri, Secret accessToken, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No subscription was made with this pair.");
    }
}
