using System.Globalization;
using System.Security.Cryptography;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>The name of this process among all that share the database; a new one at every start.</summary>
internal sealed record Instance(string Name)
{
    public static Instance ThisProcess() => new(string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}"));
}
