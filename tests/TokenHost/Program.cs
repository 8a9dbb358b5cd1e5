// A process that keeps tokens as the application does, and does nothing else: tests start several of them, stop them in
// the middle and kill them at the worst moment. Settings come from the environment, as the application's own do.
// Each line of input is "user version count": that many callers whose token of that version was just refused.
// Each line of output is "answered failed".
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Settings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.TokenHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
if (!builder.TryReadSettings(out var settings))
{
    return SettingsExtensions.ConfigurationError;
}

// Nobody signs in here, so what signs people in is left out.
builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false);
builder.Services.AddTokenStore(settings);
builder.Services.AddCalendly(settings);
builder.Services.AddWorstMoment(Enum.Parse<Moment>(builder.Configuration["DIE_AT"] ?? nameof(Moment.Never)));

await using var app = builder.Build();

// Of all the work behind the pages only what keeps tokens, on a database that the test has prepared.
IHostedService[] work =
[
    app.Services.GetRequiredService<PairKeeper>(),
    app.Services.GetRequiredService<AccessTokens>(),
    app.Services.GetRequiredService<RevocationWorker>(),
    app.Services.GetRequiredService<PlaintextTakeover>(),
    app.Services.GetRequiredService<KeyRotation>(),
];
foreach (var worker in work)
{
    await worker.StartAsync(CancellationToken.None);
}

var tokens = app.Services.GetRequiredService<IAccessTokens>();
Console.WriteLine("ready");
while (await Console.In.ReadLineAsync() is { } line)
{
    if (line.Split(' ') is not [var user, var version, var count])
    {
        break;
    }

    var answers = await Task.WhenAll(Enumerable.Range(0, int.Parse(count)).Select(_ =>
        Task.Run(() => tokens.NewerThanAsync(long.Parse(user), long.Parse(version), CancellationToken.None))));
    var answered = 0;
    var refusals = new SortedSet<string>(StringComparer.Ordinal);
    foreach (var answer in answers)
    {
        if (!answer.Succeeded(out var token, out CalendlySlices.Infrastructure.Failure? failure))
        {
            refusals.Add(failure.Code.ToString());
        }
        else if (token.Version > long.Parse(version))
        {
            answered++;
        }
    }

    Console.WriteLine(string.Join(' ', [$"{answered} {answers.Length - answered}", .. refusals]));
}

foreach (var worker in work.Reverse())
{
    await worker.StopAsync(CancellationToken.None);
}

return 0;
