using Npgsql;

namespace CalendlySlices.Infrastructure.Data;

/// <summary>Connections to PostgreSQL that behave the same whatever the server's own settings are.</summary>
internal static class PostgreSql
{
    public const string Schema = "calendly_slices";

    // Set here and not at the role: an existing role keeps its settings, and a pooler may drop what a client asks for
    // when it connects. Nothing resets it (see NoResetOnClose), because nothing else is ever set.
    private const string Prepare =
        $"""
        SET search_path = {Schema}, public;
        SET statement_timeout = '5s';
        SET lock_timeout = '2s';
        SET idle_in_transaction_session_timeout = '10s'
        """;

    /// <param name="connectionString">In Npgsql's own form.</param>
    public static NpgsqlDataSource Open(string connectionString, ILoggerFactory? logging = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "CalendlySlices",
            MaxPoolSize = 20,
            Timeout = 5,
            CommandTimeout = 10,
            MaxAutoPrepare = 50,
            NoResetOnClose = true,
            Timezone = "UTC",
            PersistSecurityInfo = false,
        };
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "calendly-slices" };
        builder.UseLoggerFactory(logging);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(Prepare, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(Prepare, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }
}
