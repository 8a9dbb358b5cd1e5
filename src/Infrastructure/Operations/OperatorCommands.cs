using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Finds the command that was typed, writes into the diary that it was used, and runs it.</summary>
internal sealed class OperatorCommands(IEnumerable<IOperatorCommand> commands, TokenEvents events)
{
    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int UsageError = 64;

    /// <summary>True when the arguments name a command; settings of the framework's own begin with a dash or hold a sign of
    /// equality.</summary>
    public static bool AreIn(IReadOnlyList<string> args) => args.Count > 0 && !args[0].StartsWith('-') && !args[0].StartsWith('/') && !args[0].Contains('=', StringComparison.Ordinal);

    /// <summary>Null when what was typed cannot be run; why not has then been written.</summary>
    public Func<TextWriter, CancellationToken, Task<int>>? Read(IReadOnlyList<string> args, TextWriter error)
    {
        try
        {
            var command = commands.FirstOrDefault(command => command.Name == args[0]) ?? throw new UsageException($"There is no command {args[0]}.");
            var options = Options(command, args);
            return (output, cancellationToken) => RunAsync(command, options, output, error, cancellationToken);
        }
        catch (UsageException problem)
        {
            Explain(problem, error);
            return null;
        }
    }

    private static Dictionary<string, string> Options(IOperatorCommand command, IReadOnlyList<string> args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 1; at < args.Count; at++)
        {
            var name = args[at];
            if (!command.Options.TryGetValue(name, out var hasValue))
            {
                throw new UsageException($"{command.Name} has no option {name}.");
            }

            if (hasValue && (at + 1 == args.Count || args[at + 1].StartsWith("--", StringComparison.Ordinal)))
            {
                throw new UsageException($"{name} needs a value.");
            }

            if (!options.TryAdd(name, hasValue ? args[++at] : string.Empty))
            {
                throw new UsageException($"{name} stands there twice.");
            }
        }

        return options;
    }

    private async Task<int> RunAsync(
        IOperatorCommand command, IReadOnlyDictionary<string, string> options, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await events.AddAsync(TokenEventKind.Operated, null);
            return await command.RunAsync(options, output, cancellationToken);
        }
        catch (UsageException problem)
        {
            Explain(problem, error);
            return UsageError;
        }
    }

    private void Explain(UsageException problem, TextWriter error)
    {
        error.WriteLine(problem.Message);
        error.WriteLine("Commands:");
        foreach (var command in commands)
        {
            error.WriteLine($"  {command.Name} {command.Usage}".TrimEnd());
        }
    }
}
