namespace CalendlySlices.Infrastructure.Operations;

/// <summary>What was typed is no command of ours.</summary>
internal sealed class UsageException(string message) : Exception(message);
