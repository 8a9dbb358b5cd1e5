using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CalendlySlices.Tests.Infrastructure.Data;

/// <summary>The schema as Supabase's own tool and as the application brings it in, and who gets at it.</summary>
public sealed class PostgreSqlSchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_application_and_supabase_s_tool_may_both_apply_the_files_in_any_order()
    {
        var first = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        Apply(first);
        await RunFilesAsync(first);
        Apply(first);

        var second = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        await RunFilesAsync(second);
        Apply(second);
        await RunFilesAsync(second);

        Assert.Equal(await SchemaAsync(first), await SchemaAsync(second));
        Assert.NotEmpty(await SchemaAsync(first));
    }

    [Fact]
    public async Task Ten_that_start_together_apply_each_file_once()
    {
        var address = PostgreSqlCluster.Shared.NewDatabase(migrated: false);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Apply(address), Cancel)));

        await using var database = PostgreSql.Open(address);
        await using var connection = await database.OpenConnectionAsync(Cancel);
        Assert.Equal(await connection.ExecuteScalarAsync<long>("SELECT count(DISTINCT name) FROM schema_migration"), await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM schema_migration"));
    }

    [Theory]
    [InlineData("anon")]
    [InlineData("authenticated")]
    [InlineData("service_role")]
    public async Task Supabase_s_public_roles_get_at_no_table(string role)
    {
        await using var database = PostgreSql.Open(PostgreSqlCluster.Shared.NewDatabase());
        await using var connection = await database.OpenConnectionAsync(Cancel);
        var tables = (await connection.QueryAsync<string>("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('calendly_slices', 'public')")).ToList();
        Assert.True(tables.Count > 12, string.Join(' ', tables));
        await connection.ExecuteAsync($"SET ROLE {role}");

        foreach (var table in tables)
        {
            foreach (var statement in (string[])[$"SELECT * FROM {table}", $"DELETE FROM {table}", $"INSERT INTO {table} DEFAULT VALUES"])
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(statement));
                Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{statement}: {refused.SqlState}");
            }
        }
    }

    [Fact]
    public async Task The_application_s_role_reads_and_writes_rows_and_changes_no_table()
    {
        var owner = PostgreSqlCluster.Shared.NewDatabase();
        await using var database = PostgreSql.Open(owner.Replace("Username=owner", "Username=calendly_slices_app", StringComparison.Ordinal));

        // All it finds is there, so there is nothing to apply that it may not.
        new Migrations(database, new PostgreSqlDialect(clockIsVirtual: false), NullLogger<Migrations>.Instance).Apply();
        Assert.True(await new People(database).FindOrAddAsync("persona:ana", Cancel) > 0);
        await using var connection = await database.OpenConnectionAsync(Cancel);
        foreach (var statement in (string[])["CREATE TABLE calendly_slices.other (id int)", "DROP TABLE marker", "ALTER TABLE marker ADD COLUMN x int", "TRUNCATE marker", "SELECT calendly_slices.protect_tables()"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.ExecuteAsync(statement));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public void Without_its_tables_the_application_s_role_says_who_has_to_act()
    {
        var owner = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        using var database = PostgreSql.Open(owner.Replace("Username=owner", "Username=calendly_slices_app", StringComparison.Ordinal));

        var problem = Assert.Throws<CalendlySlices.Infrastructure.Settings.SettingsException>(() =>
            new Migrations(database, new PostgreSqlDialect(clockIsVirtual: false), NullLogger<Migrations>.Instance).Apply());

        Assert.Contains("supabase db push", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_the_earlier_application_left_is_carried_on_with_its_rows()
    {
        var address = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        await using (var before = new NpgsqlConnection(address))
        {
            await before.ExecuteAsync("""
                CREATE TABLE "User" (id BIGINT PRIMARY KEY, "userId" TEXT NOT NULL, "calendlyAccessToken" TEXT, "calendlyRefreshToken" TEXT,
                  "calendlyExpiresAt" TIMESTAMP WITH TIME ZONE, "updatedAt" TIMESTAMP WITH TIME ZONE);
                INSERT INTO "User" (id, "userId") VALUES (41, 'user_of_before')
                """);
        }

        Apply(address);

        await using var database = PostgreSql.Open(address);
        Assert.Equal(41, await new People(database).FindOrAddAsync("user_of_before", Cancel));
        Assert.True(await new People(database).FindOrAddAsync("user_of_now", Cancel) > 41);
    }

    private static void Apply(string address)
    {
        using var database = PostgreSql.Open(address);
        new Migrations(database, new PostgreSqlDialect(clockIsVirtual: false), NullLogger<Migrations>.Instance).Apply();
    }

    // As `supabase db push` and psql do: the file's text, in a transaction, with nothing set beforehand.
    private static async Task RunFilesAsync(string address)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Cancel);
        var assembly = typeof(Migrations).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.Contains(".supabase.migrations.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await connection.ExecuteAsync(await reader.ReadToEndAsync(Cancel), transaction: transaction);
            await transaction.CommitAsync(Cancel);
        }
    }

    private static async Task<string> SchemaAsync(string address)
    {
        await using var connection = new NpgsqlConnection(address);
        return string.Join('\n', await connection.QueryAsync<string>("""
            SELECT concat_ws(' ', table_schema, table_name, column_name, data_type, is_nullable, column_default)
              FROM information_schema.columns WHERE table_schema IN ('public', 'calendly_slices')
            UNION ALL SELECT concat_ws(' ', schemaname, indexname, indexdef) FROM pg_indexes WHERE schemaname IN ('public', 'calendly_slices')
            UNION ALL SELECT concat_ws(' ', schemaname, tablename, policyname, roles) FROM pg_policies
            ORDER BY 1
            """));
    }
}
