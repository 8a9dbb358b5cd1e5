using System.Data.Common;
using CalendlySlices.Infrastructure.Bookings;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Infrastructure.Data;

internal static class DataServiceCollectionExtensions
{
    /// <summary>The database and what is kept in it: connections and their pairs, and what coaches show.</summary>
    public static void AddTokenStore(this IServiceCollection services, AppSettings settings)
    {
        services.AddDatabase(settings);
        services.AddSingleton(Instance.ThisProcess());
        services.AddSingleton(settings.TokenKeys);
        services.AddSingleton<Envelope>();
        services.AddSingleton<KeyCanaries>();
        services.AddSingleton<KeyUse>();
        services.AddSingleton<PairSeal>();
        services.AddSingleton<TokenEvents>();
        services.AddSingleton<Revocations>();
        services.AddSingleton(provider =>
        {
            var store = ActivatorUtilities.CreateInstance<TokenStore>(provider);
            store.OwnerChanged += provider.GetRequiredService<ReadCache>().Forget;
            return store;
        });
        services.AddSingleton<ITokenStore>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IConnections>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TokenJournal>(provider, Path.Combine(settings.DataDirectory, "journal")));
        services.AddSingleton<RefreshLeases>();
        services.AddSingleton<RefreshPace>();
        services.AddSingleton<MassGuard>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<AccessTokens>());
        services.AddWorker<PairKeeper>();
        services.AddWorker<AccessTokens>();
        services.AddWorker<RevocationWorker>();
        services.AddSingleton<Quarantine>();
        services.AddSingleton<ConnectionCensus>();
        services.AddWorker<PlaintextTakeover>();
        services.AddWorker<KeyRotation>();
        services.AddSingleton<ListedEventTypes>();
        services.AddSingleton<ListedCoaches>();
        services.AddSingleton<CoachCards>();
        services.AddSingleton<BookingStore>();
        services.AddSingleton<BookingPace>();
        services.AddSingleton<BookingCheck>();
        services.AddLive();
        services.AddSubscriptions();
    }

    private static void AddDatabase(this IServiceCollection services, AppSettings settings)
    {
        // Mock mode's time is the testers'; with real Calendly the database's own clock rules.
        var isVirtual = settings.Mode.IsMock;
        if (settings.PostgreSql is { } address)
        {
            services.AddSingleton<DbDataSource>(provider => PostgreSql.Open(address.Reveal(), provider.GetRequiredService<ILoggerFactory>()));
            services.AddSingleton<Dialect>(new PostgreSqlDialect(isVirtual));
        }
        else
        {
            services.AddSingleton<DbDataSource>(new SqliteDataSource(settings.DatabasePath));
            services.AddSingleton<Dialect>(new SqliteDialect(isVirtual));
        }

        services.AddSingleton(provider => new DatabaseClock(provider.GetRequiredService<TimeProvider>(), isVirtual));
        services.AddSingleton<Migrations>();
        services.AddSingleton<JobLeases>();
        services.AddSingleton<DatabaseStart>();
        services.AddSingleton<Opening>();
        services.AddHostedService(provider => provider.GetRequiredService<Opening>());
    }
}
