using System.Net.Http.Json;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class CallbackAddressTests
{
    [Fact]
    public async Task In_mock_mode_what_happens_at_calendly_is_delivered_to_the_port_on_which_the_process_listens()
    {
        await using var app = await AppProcess.StartAsync(new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false" });
        using var hooks = new HttpClient { BaseAddress = app.Address };
        while (!(await hooks.GetStringAsync("/test/journal", TestContext.Current.CancellationToken)).Contains(new Uri(app.Address, "/webhooks/calendly").ToString(), StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        using var canceled = await hooks.PostAsJsonAsync(
            "/test/calendly/cancel", new { @event = EmulatedIds.Session("ana", "guests") }, TestContext.Current.CancellationToken);
        canceled.EnsureSuccessStatusCode();

        await app.SaidAsync("POST /webhooks/calendly 200");
    }
}
