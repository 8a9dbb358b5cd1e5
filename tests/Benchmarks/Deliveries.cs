using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Benchmarks;

/// <summary>How long Calendly waits for the answer to a delivery: checked, committed to the inbox on disk, and being worked off
/// meanwhile. Two hundred a second, each of them new.</summary>
internal static class Deliveries
{
    private const int Count = 6000;
    private const int WarmUps = 1000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public static async Task PrintAsync()
    {
        using var app = await ServedApp.StartAsync();
        using var connection = new RawConnection(app.EndPoint);
        using var tick = new PeriodicTimer(Pace);
        var times = new List<double>();
        for (var number = 0; number < Count + WarmUps; number++)
        {
            var request = Request(number);
            await tick.WaitForNextTickAsync();
            var asked = Stopwatch.GetTimestamp();
            connection.Send(request);
            if (number >= WarmUps)
            {
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine(Line($"answers to {Count:N0} deliveries: p50 {times[Count / 2]:N1} ms, p99 {times[Count * 99 / 100]:N1} ms, slowest {times[^1]:N1} ms"));
    }

    private static byte[] Request(int number)
    {
        var uri = $"https://api.calendly.com/scheduled_events/{EmulatedIds.Session("ana", "guests")}/invitees/{EmulatedIds.Invitee("ana", "guests", 0)}";
        var body = Line($$$"""{"event":"invitee.created","created_by":"{{{WorldAccounts.Ana.Uri}}}","payload":{"uri":"{{{uri}}}","number":{{{number}}}}}""");
        var at = DateTimeOffset.Parse(ServedApp.Now, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookKeys.Mock), Encoding.UTF8.GetBytes(Line($"{at}.{body}"))));
        return Encoding.UTF8.GetBytes(Line(
            $"POST /webhooks/calendly HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{WebhookSignature.Header}: t={at},v1={signature}\r\n\r\n{body}"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
