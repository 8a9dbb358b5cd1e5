using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalendlySlices.Benchmarks;

/// <summary>
/// The application as it is, in a process of its own: mock mode, Production, warnings only, the clock stopped, an empty
/// database. Ends with this object.
/// </summary>
internal sealed class ServedApp : IDisposable
{
    /// <summary>Where its clock stands.</summary>
    public const string Now = "2026-03-02T15:00:00Z";

    private static readonly byte[] FirstRequest = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
    private static readonly byte[] AllocatedRequest = Encoding.ASCII.GetBytes($"GET {BenchRoutes.Allocated} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    private static readonly byte[] HeapRequest = Encoding.ASCII.GetBytes($"GET {BenchRoutes.Heap} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _data = Directory.CreateTempSubdirectory("calendly-slices-bench-").FullName;
    private readonly Process _process;

    private ServedApp(IReadOnlyDictionary<string, string>? settings)
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        Address = new Uri($"http://localhost:{EndPoint.Port}");
        var command = Command();
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            command.Environment[name] = value;
        }

        _process = Process.Start(command)!;
    }

    public IPEndPoint EndPoint { get; }

    public Uri Address { get; }

    /// <summary>From the start of the process to its first page.</summary>
    public TimeSpan StartedIn { get; private set; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="settings">Environment variables beside the usual ones.</param>
    public static async Task<ServedApp> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var started = Stopwatch.GetTimestamp();
        var app = new ServedApp(settings);
        try
        {
            while (!app.Answers())
            {
                if (app._process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new InvalidOperationException("The application did not start.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }
        catch
        {
            app.Dispose();
            throw;
        }

        app.StartedIn = Stopwatch.GetElapsedTime(started);
        return app;
    }

    /// <summary>All that the process has ever allocated.</summary>
    public long AllocatedBytes() => Ask(AllocatedRequest);

    /// <summary>What lives on the managed heap, after everything else has been collected.</summary>
    public long HeapBytes() => Ask(HeapRequest);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private long Ask(byte[] request)
    {
        using var connection = new RawConnection(EndPoint);
        return long.Parse(connection.Exchange(request), CultureInfo.InvariantCulture);
    }

    private bool Answers()
    {
        try
        {
            using var connection = new RawConnection(EndPoint);
            connection.Exchange(FirstRequest);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The application's own settings of the runtime (its garbage collector above all), with this assembly within reach.
    private ProcessStartInfo Command()
    {
        string Here(string file) => Path.Combine(AppContext.BaseDirectory, file);
        var command = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                "exec",
                "--runtimeconfig", Here("CalendlySlices.runtimeconfig.json"),
                "--depsfile", Here("CalendlySlices.Benchmarks.deps.json"),
                Here("CalendlySlices.dll"),
            },
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = typeof(BenchRoutes).Assembly.GetName().Name,
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{EndPoint.Port}",
                ["ASPNETCORE_CONTENTROOT"] = AppContext.BaseDirectory,
                ["Logging__LogLevel__Default"] = "Warning",
                ["USE_REAL_CALENDLY"] = "false",
                ["ALLOW_MOCK_IN_PRODUCTION"] = "yes",
                ["MOCK_NOW"] = Now,
                ["DATA_DIR"] = _data,

                // A build looks on disk for a changed or new file on every request; what is published does not.
                ["ReloadStaticAssetsAtRuntime"] = "false",
                ["DisableStaticAssetNotFoundRuntimeFallback"] = "true",
            },
        };
        return command;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
