using System.Collections.Concurrent;
using System.Diagnostics;

namespace CalendlySlices.Tests.Support;

/// <summary>The built application run as an operator's command, in a process of its own.</summary>
internal sealed class CommandProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _awaited;

    private CommandProcess(IReadOnlyDictionary<string, string> settings, string? awaited, string[] arguments)
    {
        _awaited = awaited;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "CalendlySlices.dll"), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, _errors);
        _process.Exited += (_, _) => _seen.TrySetException(new InvalidOperationException($"The command ended before it said “{awaited}”.\n{Output}\n{Errors}"));
    }

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>Runs it to its end; returns its exit code.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var command = new CommandProcess(settings, null, arguments);
        command.Start();
        await command._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (command._process.ExitCode, command.Output, command.Errors);
    }

    /// <summary>Runs it until it says something, and ends it there without a warning.</summary>
    public static async Task KillAtAsync(string said, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        await using var command = new CommandProcess(settings, said, arguments);
        command.Start();
        await command._seen.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        command._process.Kill();
        await command._process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Start()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Note(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (_awaited is not null && line.Contains(_awaited, StringComparison.Ordinal))
        {
            _seen.TrySetResult();
        }
    }
}
