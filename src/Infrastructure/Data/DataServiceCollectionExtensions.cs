using System.Data.Common;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Data;

internal static class DataServiceCollectionExtensions
{
    /// <summary>The database and what is kept in it: connections and their pairs, and what coaches show.</summary>
    public static void AddTokenStore(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<DbDataSource>(new SqliteDataSource(settings.DatabasePath));
        services.AddSingleton<Migrations>();
        services.AddSingleton(new Envelope(settings.TokenKeys));
        services.AddSingleton<TokenStore>();
        services.AddSingleton<ITokenStore>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IConnections>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IAccessTokens, AccessTokens>();
        services.AddSingleton<ListedEventTypes>();
    }

    /// <summary>Before the first request: whatever the database lacks.</summary>
    public static void MigrateDatabase(this WebApplication app) => app.Services.GetRequiredService<Migrations>().Apply();
}
