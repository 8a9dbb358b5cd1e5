using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Operations;

internal static class ServeExtensions
{
    /// <summary>Prepares the database, then serves until told to stop. Returns the process's exit code.</summary>
    public static async Task<int> ServeAsync(this WebApplication app)
    {
        try
        {
            await app.Services.GetRequiredService<DatabaseStart>().PrepareAsync();
        }
        catch (SettingsException problems)
        {
            await Console.Error.WriteLineAsync(problems.Message);
            return SettingsExtensions.ConfigurationError;
        }

        await app.RunAsync();
        return 0;
    }
}
