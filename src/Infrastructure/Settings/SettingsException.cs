namespace CalendlySlices.Infrastructure.Settings;

/// <summary>The configuration cannot be used. The message names every variable that is wrong, and never shows a value.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception("The application does not start:" + string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}")))
{
    public IReadOnlyList<string> Problems => problems;
}
