namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Something an operator does from the command line instead of serving: <c>dotnet run -- name --option</c>. It never
/// prints a token.</summary>
internal interface IOperatorCommand
{
    string Name { get; }

    /// <summary>The options, as a reader of the usage sees them.</summary>
    string Usage { get; }

    /// <summary>The options with their dashes; true for one that is followed by a value.</summary>
    IReadOnlyDictionary<string, bool> Options { get; }

    /// <summary>Returns the process's exit code.</summary>
    /// <exception cref="UsageException">The options make no sense.</exception>
    Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken);
}
