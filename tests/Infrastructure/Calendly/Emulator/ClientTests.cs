using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Calendly.Emulator;

/// <summary>The application's own client and the emulator understand each other, in every operation on event types and time.</summary>
public sealed class ClientTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);
    private static readonly string DiscoveryCall = CalendlyUri.For("event_types", EmulatedIds.EventType("ana", "discovery-call"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_types_are_read_and_switched()
    {
        await using var app = new DashboardApp();
        var api = await ApiAsync(app);

        var types = Value(await api.ListEventTypesAsync(new EventTypesQuery(WorldAccounts.Ana.Uri), Cancel)).Collection;
        var off = Value(await api.UpdateEventTypeAsync(EmulatedIds.EventType("ana", "discovery-call"), new EventTypeChange(Active: false), Cancel));
        var deleted = Value(await api.GetEventTypeAsync(EmulatedIds.EventType("ana", "postcard-review"), Cancel));
        var link = Value(await api.CreateSchedulingLinkAsync(CalendlyUri.For("event_types", EmulatedIds.EventType("ana", "deep-dive")), Cancel));

        Assert.Equal(6, types.Count);
        Assert.False(off.Active);
        Assert.NotNull(deleted.DeletedAt);
        Assert.StartsWith("https://calendly.com/d/", link.BookingUrl, StringComparison.Ordinal);
        Assert.Empty(Value(await api.ListAvailableTimesAsync(new AvailableTimesQuery(DiscoveryCall, Now.AddMinutes(1), Now.AddDays(31)), Cancel)));
    }

    [Fact]
    public async Task Free_and_busy_times_are_read()
    {
        await using var app = new DashboardApp();
        var api = await ApiAsync(app);

        var free = Value(await api.ListAvailableTimesAsync(new AvailableTimesQuery(DiscoveryCall, Now.AddMinutes(1), Now.AddDays(31)), Cancel));
        var busy = Value(await api.ListBusyTimesAsync(new BusyTimesQuery(WorldAccounts.Ana.Uri, Now, Now.AddDays(7)), Cancel));

        Assert.All(free, time => Assert.DoesNotContain(busy, taken => time.StartTime < (taken.BufferedEndTime ?? taken.EndTime) && (taken.BufferedStartTime ?? taken.StartTime) < time.StartTime.AddMinutes(45)));
        Assert.True(free.Count > 100, $"{free.Count} free times");
        Assert.Equal(["calendly", "external", "reserved"], busy.Select(time => time.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Schedules_are_read_and_written_back_as_they_were()
    {
        await using var app = new DashboardApp();
        var api = await ApiAsync(app);

        foreach (var schedule in Value(await api.ListSchedulesAsync(WorldAccounts.Ana.Uri, Cancel)))
        {
            var id = CalendlyUri.LastSegment(schedule.Uri);
            Assert.Equivalent(schedule, Value(await api.GetScheduleAsync(id, Cancel)), strict: true);
            Assert.Equivalent(schedule, Value(await api.UpdateScheduleAsync(id, new AvailabilityScheduleChange(schedule.Rules), Cancel)), strict: true);
        }

        var hours = Assert.Single(Value(await api.ListEventTypeSchedulesAsync(DiscoveryCall, Cancel))).AvailabilityRule!;
        var own = Value(await api.UpdateEventTypeScheduleAsync(DiscoveryCall, new(new(hours.Timezone!, hours.Rules!)), Cancel)).AvailabilityRule!;
        Assert.Equivalent(hours with { Uri = null, Name = null }, own, strict: true);
    }

    private static async Task<ICalendlyApi> ApiAsync(DashboardApp app)
    {
        using var scope = app.Services.CreateScope();
        var user = await scope.ServiceProvider.GetRequiredService<People>().FindOrAddAsync(Personas.Find("ana")!.UserId, Cancel);
        return app.Services.GetRequiredService<CalendlyApiFor>()(new ConnectionOwner(user));
    }

    private static T Value<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.Succeeded(out var value, out var failure), failure?.ToString());
        return value;
    }
}
