using System.Globalization;
using System.Net;
using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Benchmarks;

/// <summary>Inside the measured application: fifty coaches, about whose free times Calendly takes 300 ms to answer.</summary>
internal sealed class BenchCoaches : DelegatingHandler
{
    public const int Count = 50;

    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(300);

    private const string Prefix = "BENCH";

    private static int _calls;

    /// <summary>Lists the coaches, where that has not been done, and forgets what is known of their free times.</summary>
    /// <returns>The calls since the last time.</returns>
    public static async Task<int> BeginAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if ((await services.GetRequiredService<ListedCoaches>().AllAsync(cancellationToken)).Count < Count)
        {
            for (var number = 1; number <= Count; number++)
            {
                await ListAsync(services, number, cancellationToken);
            }
        }

        services.GetRequiredService<ReadCache>().Clear();
        return Interlocked.Exchange(ref _calls, 0);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.RequestUri!.Query.Contains(Prefix, StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        Interlocked.Increment(ref _calls);
        await Task.Delay(Latency, TimeProvider.System, cancellationToken);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent(
                """{"collection":[{"status":"available","invitees_remaining":1,"start_time":"2026-03-03T16:00:00Z","scheduling_url":"https://calendly.com/bench/call/2026-03-03T16:00:00Z"}]}""",
                Encoding.UTF8,
                "application/json"),
        };
    }

    private static async Task ListAsync(IServiceProvider services, int number, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"Coach {number:00}");
        var id = await services.GetRequiredService<People>().FindOrAddAsync($"bench:{number}", cancellationToken);
        var store = services.GetRequiredService<ITokenStore>();
        var tokens = new IssuedTokens(
            new Secret($"access-{number}"), new Secret($"refresh-{number}"), ["availability:read"], TimeSpan.FromHours(2), CalendlyUri.For("users", $"{Prefix}{number}"), CalendlyUri.For("organizations", Prefix));
        await store.ConnectAsync(id, tokens, cancellationToken);
        await store.KeepProfileAsync(id, new CalendlyProfile(name, "coach@bench.example", "Europe/Berlin", $"https://calendly.com/bench-{number}"), cancellationToken);
        await services.GetRequiredService<CoachCards>().SaveAsync(
            id, new CardText(name, null, "Europe/Berlin", ["Listings", "Negotiation"], ["English", "German"], "One of fifty, and glad to help.", IsListed: true), cancellationToken);
        foreach (var (type, minutes) in new[] { ("Short call", 15), ("Long call", 45) })
        {
            await services.GetRequiredService<ListedEventTypes>().ShowAsync(id, $"{Prefix}{number}-{minutes}", type, minutes, cancellationToken);
        }
    }
}
