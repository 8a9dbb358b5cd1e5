using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Instances;

/// <summary>What Calendly delivers through nginx while instances are killed under it.</summary>
[Collection(typeof(OnTwoInstances))]
public sealed partial class DeliveriesTests(TwoInstances two, ITestOutputHelper output)
{
    // Below the rate at which one address is asked to slow down.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(11);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_was_acknowledged_is_applied_once_although_instances_are_killed()
    {
        await using var database = PostgreSql.Open(two.Database);
        using var browser = two.Browser();
        await two.ConnectAsync(browser, "ana", form: two.Address, back: two.Address);
        var invitees = await HappenAsync();
        await using (var connection = await database.OpenConnectionAsync(Cancel))
        {
            await connection.ExecuteAsync("DELETE FROM webhook_delivery; DELETE FROM notice");
        }

        using var calendly = new Sender(two.Address);
        var plan = Plan(invitees);
        var killing = KillAsync(calendly, plan.Count);
        await calendly.SendAsync(plan, Pace);
        await killing;
        await SettledAsync(database);

        await using var look = await database.OpenConnectionAsync(Cancel);
        var rows = (await look.QueryAsync<(string Digest, string State, string? Result, long Copies)>("SELECT digest, state, result, copies FROM webhook_delivery")).ToList();
        var signed = plan.Where(delivery => !delivery.IsForged).Select(delivery => delivery.Digest).ToHashSet(StringComparer.Ordinal);
        output.WriteLine($"{plan.Count} sent, {signed.Count} different, {calendly.Forged} forged and refused, {calendly.SentAgain} sent again; {calendly.Figures()}");

        // None lost, none that was not Calendly's.
        Assert.Equal(signed.Order(StringComparer.Ordinal), rows.Select(row => row.Digest).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal("done", row.State));
        Assert.Equal(plan.Count(delivery => delivery.IsForged), calendly.Forged);
        Assert.True(rows.Sum(row => row.Copies) >= plan.Count - calendly.Forged, "Copies are missing.");

        // None applied twice: each invitee is told of once, by one delivery.
        var notices = (await look.QueryAsync<(string Name, string Kind)>("SELECT name, kind FROM notice ORDER BY name")).ToList();
        Assert.Equal(
            invitees.Select(invitee => $"{(invitee.IsCanceled ? "canceled" : "booked")}/{invitee.Uri[(invitee.Uri.LastIndexOf('/') + 1)..]}").Order(StringComparer.Ordinal),
            notices.Select(notice => notice.Name[(notice.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal));
        Assert.Equal(notices.Count, rows.Count(row => row.Result == DeliveryResult.Applied));
    }

    // People book with Ana and some of them cancel, and Calendly says nothing of it.
    private async Task<IReadOnlyList<(string Uri, bool IsCanceled)>> HappenAsync()
    {
        using var hooks = two.Hooks();
        var page = await hooks.GetStringAsync("/mock-widget/ana/discovery-call", Cancel);
        var starts = Start().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        var invitees = new List<(string Uri, bool IsCanceled)>();
        foreach (var start in starts)
        {
            using var booked = await hooks.PostAsJsonAsync(
                "/test/calendly/sessions",
                new { account = "ana", eventType = "discovery-call", start, name = "Noor Haddad", email = "noor@haddad.example", webhook = false },
                Cancel);
            if (booked.StatusCode == HttpStatusCode.Conflict)
            {
                // Too close to one that was booked just now.
                continue;
            }

            booked.EnsureSuccessStatusCode();
            var made = (await booked.Content.ReadFromJsonAsync<Made>(Cancel))!;
            var isCanceled = invitees.Count % 3 == 2;
            if (isCanceled)
            {
                using var canceled = await hooks.PostAsJsonAsync("/test/calendly/cancel", new { invitee = made.Invitee, reason = "Ill", webhook = false }, Cancel);
                canceled.EnsureSuccessStatusCode();
            }

            invitees.Add((made.Invitee, isCanceled));
            if (invitees.Count == Proofs.Sessions)
            {
                break;
            }
        }

        Assert.True(invitees.Count > 5, $"Only {invitees.Count} could be booked.");
        return invitees;
    }

    // One in ten comes twice, one in twenty out of its order, one in a hundred is forged.
    private static List<Delivery> Plan(IReadOnlyList<(string Uri, bool IsCanceled)> invitees)
    {
        var random = new Random(18);
        var plan = new List<Delivery>();
        for (var number = 0; plan.Count < Proofs.Deliveries; number++)
        {
            var (uri, isCanceled) = invitees[number % invitees.Count];
            var name = isCanceled && number / invitees.Count % 2 == 0 ? "invitee.canceled" : "invitee.created";
            var isForged = number % 100 == 50;
            var delivery = new Delivery(SignedDelivery.Body(name, uri, WorldAccounts.Ana.Uri, number.ToString(CultureInfo.InvariantCulture)), isForged);
            plan.Add(delivery);
            if (number % 10 == 5 && !isForged)
            {
                plan.Add(delivery);
            }
        }

        for (var at = 0; at < plan.Count; at += 20)
        {
            var other = random.Next(plan.Count);
            (plan[at], plan[other]) = (plan[other], plan[at]);
        }

        return plan;
    }

    // Spread over the whole of it, one instance and then the other.
    private async Task KillAsync(Sender calendly, int all)
    {
        for (var round = 1; round <= Proofs.Kills; round++)
        {
            await calendly.AcknowledgedAsync(all * round / (Proofs.Kills + 1));
            var number = 1 + (round % 2);
            await two.KillAsync(number);
            await two.RestartAsync(number);
        }
    }

    private static async Task SettledAsync(DbDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancel);
        while (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM webhook_delivery WHERE state IN ('waiting', 'held')") > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
        }
    }

    [GeneratedRegex("/mock-widget/ana/discovery-call/([0-9TZ:-]+)")]
    private static partial Regex Start();

    private sealed record Made(string Event, string Invitee);

    private sealed record Delivery(string Body, bool IsForged)
    {
        public string Digest { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
    }

    // Sends as Calendly does: again and again, until the answer is a yes.
    private sealed class Sender(Uri address) : IDisposable
    {
        private const int AtOnce = 8;

        private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(15) };
        private readonly ConcurrentBag<double> _milliseconds = [];
        private int _acknowledged;
        private int _forged;
        private int _again;

        public int Forged => _forged;

        public int SentAgain => _again;

        public async Task AcknowledgedAsync(int count)
        {
            while (Volatile.Read(ref _acknowledged) < count)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
            }
        }

        public async Task SendAsync(IReadOnlyList<Delivery> plan, TimeSpan pace)
        {
            using var places = new SemaphoreSlim(AtOnce);
            using var tick = new PeriodicTimer(pace);
            var sending = new List<Task>();
            foreach (var delivery in plan)
            {
                await tick.WaitForNextTickAsync(Cancel);
                await places.WaitAsync(Cancel);
                sending.Add(UntilTakenAsync(delivery, places));
            }

            await Task.WhenAll(sending);
        }

        public string Figures()
        {
            var sorted = _milliseconds.Order().ToList();
            return string.Create(CultureInfo.InvariantCulture, $"answers p50 {sorted[sorted.Count / 2]:F0} ms, p99 {sorted[sorted.Count * 99 / 100]:F0} ms");
        }

        public void Dispose() => _client.Dispose();

        private async Task UntilTakenAsync(Delivery delivery, SemaphoreSlim places)
        {
            try
            {
                while (await TryAsync(delivery) is var status && status != (delivery.IsForged ? HttpStatusCode.Unauthorized : HttpStatusCode.OK))
                {
                    Assert.True(status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError, $"A delivery was answered with {status}.");
                    Interlocked.Increment(ref _again);
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancel);
                }

                Interlocked.Increment(ref delivery.IsForged ? ref _forged : ref _acknowledged);
            }
            finally
            {
                places.Release();
            }
        }

        // Null when there was no answer.
        private async Task<HttpStatusCode?> TryAsync(Delivery delivery)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/calendly") { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json") };
            request.Headers.TryAddWithoutValidation(
                WebhookSignature.Header, SignedDelivery.Signature(delivery.Body, TimeProvider.System.GetUtcNow(), delivery.IsForged ? "another-key" : WebhookKeys.Mock));
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _client.SendAsync(request, Cancel);
                _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                return answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }
}
