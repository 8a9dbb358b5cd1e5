using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Webhooks;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Support;

/// <summary>How one process comes to be told, over a database and a Calendly that several may share.</summary>
internal sealed class SubscriptionRig : IDisposable
{
    public const string Ours = "https://slices.example/webhooks/calendly";

    private readonly CapturedLog _log = new();

    /// <param name="another">Null for a database and a Calendly of its own.</param>
    /// <param name="publicBaseUrl">Null where Calendly cannot reach us.</param>
    public SubscriptionRig(Engine engine, SubscriptionRig? another = null, string? publicBaseUrl = "https://slices.example")
    {
        Store = new TokenStoreRig(engine, another?.Store);
        Calendly = another?.Calendly ?? new StubCalendly(Store.Clock);
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(_log));
        var (database, clock, wire) = (Store.Database, Store.Clock, Store.Hurried());
        var changes = Changes = new Changes(database, clock);
        Bookings = new BookingStore(database, changes, clock);
        Notices = new Notices(database, Store.Envelope, changes, clock);
        Subscriptions = new WebhookSubscriptions(database, Store.Dialect, changes, Notices, clock);
        var options = new CalendlyOptions { ClientId = "client", ClientSecret = new Secret("secret") };
        var settings = new AppSettings(
            new CalendlyMode(IsReal: true), options, null!, Store.Keys, string.Empty, string.Empty, null, publicBaseUrl is null ? null : new Uri(publicBaseUrl), false, null);
        var address = new CallbackAddress(settings, null!, null!);
        CalendlyApiFor calendlyFor = _ => Calendly;
        var news = new SessionNews(Notices, changes, clock);
        var gapFill = new GapFill(database, calendlyFor, news, changes, new CallRecords(clock), wire);
        var feed = new ChangeFeed(database, changes, new ReadCache(clock), wire, logging.CreateLogger<ChangeFeed>());
        Keeper = new SubscriptionKeeper(
            Subscriptions, gapFill, address, Store.Store, calendlyFor, feed, Store.JobLeases(), wire, logging.CreateLogger<SubscriptionKeeper>());
        Poller = new SessionPoller(Pages, Bookings, Subscriptions, address, gapFill, Store.Store, wire, clock, logging.CreateLogger<SessionPoller>());
        Former = new FormerSubscriptions(calendlyFor, Subscriptions, logging.CreateLogger<FormerSubscriptions>());
        Live = new LiveUpdateRecords(Store.Store, Subscriptions, address, Keeper);
    }

    public TokenStoreRig Store { get; }

    public StubCalendly Calendly { get; }

    public FakeClock Clock => Store.Clock;

    public Changes Changes { get; }

    public BookingStore Bookings { get; }

    public Notices Notices { get; }

    public WebhookSubscriptions Subscriptions { get; }

    public OpenPages Pages { get; } = new();

    public SubscriptionKeeper Keeper { get; }

    public SessionPoller Poller { get; }

    public FormerSubscriptions Former { get; }

    public ILiveUpdates Live { get; }

    public IReadOnlyList<string> Log => _log.Lines;

    /// <summary>Somebody who is connected and allows these.</summary>
    public async Task<long> ConnectAsync(string owner = TokenStoreRig.Owner, params string[] scopes)
    {
        var userId = await Store.PersonAsync("persona:dana");
        await ConnectAsync(userId, owner, scopes);
        return userId;
    }

    public async Task ConnectAsync(long userId, string owner, params string[] scopes)
    {
        string[] granted = scopes.Length > 0 ? scopes : [.. RequestedScopes.All];
        var pair = new IssuedTokens(new Secret("access-1"), new Secret("refresh-1"), granted, TimeSpan.FromDays(30), owner, TokenStoreRig.Organization);
        await Store.Store.ConnectAsync(userId, pair, TestContext.Current.CancellationToken);
    }

    /// <summary>Somebody books at Calendly just now.</summary>
    public void Book(string id)
    {
        var now = Clock.GetUtcNow();
        Calendly.Events[id] = SampleSessions.Session(id, now.AddDays(3), host: TokenStoreRig.Owner) with { CreatedAt = now, UpdatedAt = now };
        var invitee = SampleSessions.Person("Noor Haddad", eventId: id);
        Calendly.Invitees[id] = [invitee with { Uri = $"https://api.calendly.com/scheduled_events/{id}/invitees/I{id}", CreatedAt = now, UpdatedAt = now }];
    }

    public async Task<IReadOnlyList<Notice>> ToldAsync(long userId) => await Notices.ListAsync(userId, 50, TestContext.Current.CancellationToken);

    public async Task<LiveUpdates> LiveAsync(long userId) => await Live.FindAsync(userId, TestContext.Current.CancellationToken);

    public void Dispose() => Store.Dispose();
}
