using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Operations;

internal static class ServeExtensions
{
    /// <summary>Runs the operator's command in the arguments, or serves until told to stop; either with the database prepared.
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
            return await RunAsync(app, command);
        }
        catch (SettingsException problems)
        {
            await Console.Error.WriteLineAsync(problems.Message);
            return SettingsExtensions.ConfigurationError;
        }
    }

    private static async Task<int> RunAsync(WebApplication app, Func<TextWriter, CancellationToken, Task<int>>? command)
    {
        var database = app.Services.GetRequiredService<DatabaseStart>();
        if (command is not null)
        {
            await database.PrepareAsync(CancellationToken.None);
            return await command(Console.Out, CancellationToken.None);
        }

        // What is wrong is told before anything listens; a database that is not there yet is waited for while it does.
        await database.TryPrepareAsync();

        // Taken now: after the run the services are gone.
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop while it waited.
        }

        return 0;
    }
}
