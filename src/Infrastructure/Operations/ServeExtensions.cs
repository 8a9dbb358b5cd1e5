using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Operations;

internal static class ServeExtensions
{
    /// <summary>Prepares the database, then runs the operator's command in the arguments, or serves until told to stop.
    /// Returns the process's exit code.</summary>
    public static async Task<int> ServeAsync(this WebApplication app, string[] args)
    {
        Func<TextWriter, CancellationToken, Task<int>>? command = null;
        if (OperatorCommands.AreIn(args)
            && (command = app.Services.GetRequiredService<OperatorCommands>().Read(args, Console.Error)) is null)
        {
            return OperatorCommands.UsageError;
        }

        try
        {
            await app.Services.GetRequiredService<DatabaseStart>().PrepareAsync();
        }
        catch (SettingsException problems)
        {
            await Console.Error.WriteLineAsync(problems.Message);
            return SettingsExtensions.ConfigurationError;
        }

        if (command is not null)
        {
            return await command(Console.Out, CancellationToken.None);
        }

        await app.RunAsync();
        return 0;
    }
}
