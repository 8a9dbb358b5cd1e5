using System.Collections.Concurrent;
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
using Microsoft.Extensions.Http;

namespace CalendlySlices.Tests.Support;

/// <summary>More coaches than the mock world has, and a Calendly that answers about their free times when it is told to.</summary>
internal sealed class ManyCoaches
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    /// <summary>Calls by coach.</summary>
    public ConcurrentDictionary<long, int> Calls { get; } = [];

    /// <summary>The most that were under way at one moment.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Instead of free times.</summary>
    public HttpStatusCode? Refusal { get; set; }

    /// <summary>The n-th coach has the n-th quarter of an hour from here as the first free time.</summary>
    public DateTimeOffset First { get; } = new(2026, 3, 2, 16, 0, 0, TimeSpan.Zero);

    /// <summary>An application in which these coaches are reached through here, next to the wire and below all that the client does.</summary>
    public DashboardApp NewApp() => new(services => services.PostConfigureAll<HttpClientFactoryOptions>(options =>
        options.HttpMessageHandlerBuilderActions.Add(builder => builder.AdditionalHandlers.Add(new Wire(this)))));

    /// <summary>Lets Calendly answer, from now on at once.</summary>
    public void Open() => _gate.TrySetResult();

    /// <summary>Connects and lists so many: <c>coach-01</c> and so on.</summary>
    public static async Task ListAsync(IServiceProvider services, int count, CancellationToken cancellationToken)
    {
        var (people, store) = (services.GetRequiredService<People>(), services.GetRequiredService<ITokenStore>());
        var (cards, listings) = (services.GetRequiredService<CoachCards>(), services.GetRequiredService<ListedEventTypes>());
        for (var number = 1; number <= count; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Coach {number:00}");
            var id = await people.FindOrAddAsync($"many:{number}", cancellationToken);
            var tokens = new IssuedTokens(
                new Secret($"access-{number}"), new Secret($"refresh-{number}"), ["availability:read", "event_types:read"], TimeSpan.FromHours(2), $"https://api.calendly.com/users/MANY{number}", "https://api.calendly.com/organizations/MANY");
            await store.ConnectAsync(id, tokens, cancellationToken);
            await store.KeepProfileAsync(id, new CalendlyProfile(name, "coach@many.example", "Europe/Berlin", $"https://calendly.com/many-{number}"), cancellationToken);
            await cards.SaveAsync(id, new CardText(name, null, "Europe/Berlin", ["Many"], ["German"], "One of many.", IsListed: true), cancellationToken);
            await listings.ShowAsync(id, string.Create(CultureInfo.InvariantCulture, $"MANY{number:00}"), "Short call", 15, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, int number, CancellationToken cancellationToken)
    {
        Calls.AddOrUpdate(CalendlyCall.Of(request).UserId!.Value, 1, (_, calls) => calls + 1);
        lock (_lock)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }

        try
        {
            await _gate.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _running--;
            }
        }

        if (Refusal is { } status)
        {
            return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent("""{"title":"No","message":"No."}""", Encoding.UTF8, "application/json") };
        }

        var start = First.AddMinutes(15 * number).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent(
                $$"""{"collection":[{"status":"available","invitees_remaining":1,"start_time":"{{start}}","scheduling_url":"https://calendly.com/many-{{number}}/short/{{start}}"}]}""",
                Encoding.UTF8,
                "application/json"),
        };
    }

    private sealed class Wire(ManyCoaches many) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = request.RequestUri!.Query;
            var at = query.IndexOf("MANY", StringComparison.Ordinal);
            return at < 0
                ? base.SendAsync(request, cancellationToken)
                : many.AnswerAsync(request, int.Parse(query.AsSpan(at + 4, 2), CultureInfo.InvariantCulture), cancellationToken);
        }
    }
}
