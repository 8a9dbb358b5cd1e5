using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using CalendlySlices.Infrastructure.Calendly.Emulator;

namespace CalendlySlices.Tests.Support;

/// <summary>A process of its own that keeps tokens over a rig's database (see tests/TokenHost).</summary>
internal sealed class TokenHostProcess : IAsyncDisposable
{
    /// <summary>The keys of every process and rig that share a database in these tests.</summary>
    public const string Keys = "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _errors = [];

    private TokenHostProcess(Process process) => _process = process;

    /// <param name="dieAt">A name of the host's <c>Moment</c>.</param>
    /// <param name="folder">The host's own disk; null for the rig's.</param>
    public static TokenHostProcess Start(TokenStoreRig rig, string emulator, string dieAt = "Never", string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory.Replace($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}TokenHost{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal), "CalendlySlices.TokenHost.dll") },
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["USE_REAL_CALENDLY"] = "true",
            ["CALENDLY_CLIENT_ID"] = EmulatorOptions.MockClientId,
            ["CALENDLY_CLIENT_SECRET"] = EmulatorOptions.MockClientSecret,
            ["CALENDLY_WEBHOOK_SIGNING_KEY"] = "not-used-here",
            ["CALENDLY_API_BASE_URL"] = emulator,
            ["CALENDLY_AUTH_BASE_URL"] = emulator,
            ["TOKEN_KEYS"] = Keys,
            ["DATA_DIR"] = folder ?? rig.Folder,
            ["SUPABASE_DB_URL"] = rig.Engine == Engine.PostgreSql ? rig.Address : string.Empty,
            ["DIE_AT"] = dieAt,
        })
        {
            start.Environment[name] = value;
        }

        var host = new TokenHostProcess(new Process { StartInfo = start });
        host._process.OutputDataReceived += (_, line) => host.Note(line.Data);
        host._process.ErrorDataReceived += (_, line) => host.NoteError(line.Data);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Callers whose token of this version was refused; the answer is the next line: how many got a newer one, how many
    /// did not, and the codes of the failures that those were given.</summary>
    public void Ask(long userId, long version, int callers)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{userId} {version} {callers}"));
        _process.StandardInput.Flush();
    }

    /// <summary>The next line it says.</summary>
    public async Task<string> ReadAsync()
    {
        try
        {
            return await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (Exception trouble) when (trouble is ChannelClosedException or TimeoutException)
        {
            throw new InvalidOperationException($"The token host said nothing more.\n{string.Join('\n', _errors)}", trouble);
        }
    }

    /// <summary>Every one of those who asked has a token, or was told in time that none has come: each by a clock of its own, so
    /// that a token which comes in that very moment reaches some of them.</summary>
    public async Task AnsweredInTimeAsync(int callers)
    {
        var answer = await ReadAsync();
        Assert.Matches("^[0-9]+ (0|[0-9]+ CalendlyTimeout)$", answer);
        Assert.Equal(callers, answer.Split(' ').Take(2).Sum(count => int.Parse(count, CultureInfo.InvariantCulture)));
    }

    /// <summary>Returns when it has said that a pair waits in the journal.</summary>
    public async Task JournaledAsync()
    {
        while (true)
        {
            lock (_errors)
            {
                if (_errors.Exists(line => line.Contains("it is in the journal", StringComparison.Ordinal)))
                {
                    return;
                }
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task ReadyAsync() => Assert.Equal("ready", await ReadAsync());

    /// <summary>Returns when it has ended by itself, and how: 137 is what the shell calls SIGKILL.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>STOP, CONT or KILL.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
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

    private void Note(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
        }
        else
        {
            _lines.Writer.TryWrite(line);
        }
    }

    private void NoteError(string? line)
    {
        lock (_errors)
        {
            if (line is not null)
            {
                _errors.Add(line);
            }
        }
    }
}
