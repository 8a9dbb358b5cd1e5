using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace CalendlySlices.Tests.Support;

/// <summary>The built application in a process of its own, on a free loopback port and with a database of its own.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly string _data = Directory.CreateTempSubdirectory("calendly-slices-").FullName;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private AppProcess(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "CalendlySlices.dll"), "--urls", "http://127.0.0.1:0" },
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DATA_DIR"] = _data;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The application ended before it listened.\n{Output}"));
    }

    /// <summary>Known once the process listens.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>Everything it has said so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Returns when it listens.</summary>
    public static async Task<AppProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var app = new AppProcess(settings);
        app._process.Start();
        app._process.BeginOutputReadLine();
        app._process.BeginErrorReadLine();
        await app._address.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>Everything it has said once <paramref name="words"/> are among it.</summary>
    /// <exception cref="TimeoutException">They were not within a minute.</exception>
    public async Task<string> SaidAsync(string words)
    {
        var started = Stopwatch.GetTimestamp();
        while (!Output.Contains(words, StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"Never said: {words}\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        return Output;
    }

    /// <summary>Returns its exit code, once it has ended by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Tells it to stop, as a supervisor does. Returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    // Where wwwroot is.
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CalendlySlices.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"No solution above {AppContext.BaseDirectory}."));
        }

        return folder.FullName;
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Trim()));
        }
    }
}
