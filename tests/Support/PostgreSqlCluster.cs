using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgreSqlClusters))]

namespace CalendlySlices.Tests.Support;

/// <summary>
/// A throw-away PostgreSQL on a free loopback port, with Supabase's roles. A test that needs it fails where it cannot
/// start.
/// </summary>
internal sealed class PostgreSqlCluster : IDisposable
{
    private static readonly Lazy<PostgreSqlCluster> OfThisRun = new(() => new PostgreSqlCluster());

    private readonly string _folder;
    private readonly string _bin = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is not installed; tests/all.sh installs it.");

    private int _databases;

    public PostgreSqlCluster()
    {
        _folder = Directory.CreateTempSubdirectory("calendly-slices-pg-").FullName;
        Port = FreePort();
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            Run("chown", ["postgres:", _folder], asPostgres: false);
        }

        Run($"{_bin}/bin/initdb", ["-D", $"{_folder}/data", "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        Start();
        using var connection = new NpgsqlConnection(Address("postgres"));
        connection.Open();
        connection.Execute("CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE service_role NOLOGIN BYPASSRLS");
        connection.Execute("CREATE DATABASE migrated");
        using var database = PostgreSql.Open(Address("migrated"));
        new Migrations(database, new PostgreSqlDialect(clockIsVirtual: true), NullLogger<Migrations>.Instance).Apply();
        database.Dispose();
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>The one for all tests that do not stop it; gone when the run ends.</summary>
    public static PostgreSqlCluster Shared => OfThisRun.Value;

    public int Port { get; }

    /// <summary>Makes a database of one's own; returns how to connect to it as its owner.</summary>
    /// <param name="migrated">False for one without any table.</param>
    public string NewDatabase(bool migrated = true)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        using var connection = new NpgsqlConnection(Address("postgres"));
        connection.Open();
        connection.Execute($"CREATE DATABASE {name} TEMPLATE {(migrated ? "migrated" : "template0")}");
        return Address(name);
    }

    public string Address(string database, string user = "owner") =>
        $"Host=127.0.0.1;Port={Port};Username={user};Database={database};Pooling={(database == "postgres" ? "false" : "true")}";

    /// <summary>Everything in a database as text, as a backup would have it.</summary>
    public static async Task<string> DumpAsync(string address)
    {
        var settings = new NpgsqlConnectionStringBuilder(address);
        var start = new ProcessStartInfo($"{Shared._bin}/bin/pg_dump") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-h", settings.Host!, "-p", settings.Port.ToString(CultureInfo.InvariantCulture), "-U", settings.Username!, "--inserts", settings.Database!])
        {
            start.ArgumentList.Add(argument);
        }

        using var dump = Process.Start(start)!;
        var text = await dump.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await dump.WaitForExitAsync(TestContext.Current.CancellationToken);
        return dump.ExitCode == 0 ? text : throw new InvalidOperationException($"pg_dump ended with {dump.ExitCode}.");
    }

    public static void StopIfStarted()
    {
        if (OfThisRun.IsValueCreated)
        {
            OfThisRun.Value.Dispose();
        }
    }

    public void Start() => Run(
        $"{_bin}/bin/pg_ctl",
        ["-D", $"{_folder}/data", "-l", $"{_folder}/log", "-w", "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{_folder}' -c fsync=off -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off -c jit=off", "start"]);

    /// <summary>At once, as when the machine dies.</summary>
    public void Stop() => Run($"{_bin}/bin/pg_ctl", ["-D", $"{_folder}/data", "-m", "immediate", "-w", "stop"]);

    public void Dispose()
    {
        Stop();
        Run("rm", ["-rf", _folder], asPostgres: false);
    }

    private static void Run(string program, string[] arguments, bool asPostgres = true)
    {
        var start = new ProcessStartInfo { WorkingDirectory = "/" };
        if (asPostgres && Environment.UserName == "root")
        {
            start.FileName = "setpriv";
            foreach (var argument in (string[])["--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=-all", program, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }
        }
        else
        {
            start.FileName = program;
            foreach (var argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }
        }

        // The server inherits the stream and would keep it open.
        start.RedirectStandardOutput = !arguments.Contains("start");
        using var process = Process.Start(start)!;
        if (start.RedirectStandardOutput)
        {
            process.StandardOutput.ReadToEnd();
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Ends the cluster with the run, if any test has started it.</summary>
public sealed class PostgreSqlClusters : IDisposable
{
    public void Dispose() => PostgreSqlCluster.StopIfStarted();
}
