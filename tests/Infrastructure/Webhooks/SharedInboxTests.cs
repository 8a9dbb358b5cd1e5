using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class SharedInboxTests
{
    [Fact]
    public async Task Two_instances_on_one_database_work_each_delivery_off_once()
    {
        const int Deliveries = 40;
        var address = PostgreSqlCluster.Shared.NewDatabase();
        await using var one = new DashboardApp();
        one.Settings["SUPABASE_DB_URL"] = address;
        var calendly = one.Emulator;
        await using var other = new DashboardApp(services => services.AddSingleton(calendly));
        other.Settings["SUPABASE_DB_URL"] = address;
        using var warm = await other.DeliverAsync([], null);
        var bodies = Enumerable.Range(0, Deliveries / 2).Select(number => one.Books($"Person {number}"))
            .SelectMany(invitee => new[] { SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana), SignedDelivery.Body("invitee.created", invitee, WorldAccounts.Ana, "told again") })
            .ToList();

        var answers = await Task.WhenAll(bodies.Select((body, number) => (number % 2 == 0 ? one : other).DeliverAsync(body)));
        await one.SettledAsync();

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        var deliveries = await one.DeliveriesAsync();
        Assert.Equal((Deliveries / 2, Deliveries / 2), (deliveries.Count(delivery => delivery == "done applied"), deliveries.Count(delivery => delivery == "done known")));
        Assert.Equal(Deliveries / 2, (await one.ToldAsync("ana")).Select(notice => notice.Facts!.Who).Distinct().Count());
        Assert.Equal(Deliveries / 2, (await one.ToldAsync("ana")).Count);
    }
}
