using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Settings;

internal static class SettingsExtensions
{
    /// <summary>The exit code for a configuration that cannot be used (EX_CONFIG of sysexits.h).</summary>
    public const int ConfigurationError = 78;

    /// <summary>False when the configuration cannot be used; every problem has then been written to standard error.</summary>
    public static bool TryReadSettings(this WebApplicationBuilder builder, [NotNullWhen(true)] out AppSettings? settings)
    {
        try
        {
            settings = new SettingsReader(builder.Configuration, builder.Environment).Read();
            builder.Services.AddSingleton(settings);
            return true;
        }
        catch (SettingsException problems)
        {
            Console.Error.WriteLine(problems.Message);
            settings = null;
            return false;
        }
    }
}
