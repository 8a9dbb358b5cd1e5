using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Settings;

namespace CalendlySlices.Infrastructure.Operations;

internal static class OperationsExtensions
{
    /// <summary>Work that goes on behind the pages, and the commands of operators. Where the arguments are such a command,
    /// the log goes to standard error: the output is the command's.</summary>
    public static void AddOperations(this WebApplicationBuilder builder, AppSettings settings, string[] args)
    {
        builder.Services.AddWorker<Housekeeping>();
        builder.Services.AddWorker<MassRevocation>();
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService<GracefulStop>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.BalancerWait + GracefulStop.Drain);
        builder.Services.AddSingleton<OperatorCommands>();
        builder.Services.AddSingleton<IOperatorCommand, ConnectionsCommand>();
        builder.Services.AddSingleton<IOperatorCommand, InboxCommand>();
        builder.Services.AddSingleton<IOperatorCommand, LeasesCommand>();
        builder.Services.AddSingleton<IOperatorCommand, RestoreQuarantinedCommand>();
        builder.Services.AddSingleton<IOperatorCommand, RevokeAllCommand>();
        builder.Services.AddSingleton<IOperatorCommand, RotateKeysCommand>();
        builder.Services.AddSingleton<IOperatorCommand, SupportBundleCommand>();
        if (OperatorCommands.AreIn(args))
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }
}
