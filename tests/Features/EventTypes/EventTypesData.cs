using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Features.EventTypes;

/// <summary>Event types and permissions that the emulator's people do not have.</summary>
internal static class EventTypesData
{
    private static readonly DateTimeOffset Then = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects somebody anew, with these scopes only.</summary>
    public static async Task LimitAsync(DashboardApp app, string persona, params string[] scopes)
    {
        var grant = app.Emulator.Grant(persona, scopes);
        var tokens = new IssuedTokens(
            grant.AccessToken, grant.RefreshToken, grant.Scopes, grant.AccessExpiresAt - app.Clock.GetUtcNow(), grant.OwnerUri, grant.OrganizationUri);
        var store = app.Services.GetRequiredService<ITokenStore>();
        var userId = await UserIdAsync(app, persona);
        await store.DisconnectAsync(userId, Cancel);
        await store.ConnectAsync(userId, tokens, Cancel);
        app.Services.GetRequiredService<ReadCache>().Forget(userId);
    }

    /// <summary>What Calendly is taken to have listed a moment ago.</summary>
    public static async Task PutAsync(DashboardApp app, string persona, params EventType[] types)
    {
        var userId = await UserIdAsync(app, persona);
        Result<EventTypeList> list = new EventTypeList(types, MoreExist: false);
        await app.Services.GetRequiredService<ReadCache>().GetAsync(
            userId, "/event_types", TimeSpan.FromMinutes(2), TimeSpan.FromHours(24), _ => Task.FromResult(list), Cancel, renew: true);
    }

    /// <summary>What Calendly is taken to have said a moment ago: no free time for two weeks.</summary>
    public static async Task BookOutAsync(DashboardApp app, string persona, string eventTypeId)
    {
        var from = app.Clock.GetUtcNow();
        var until = from.AddDays(14).AddHours(1);
        var key = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"/event_type_available_times https://api.calendly.com/event_types/{eventTypeId} {from.UtcTicks} {until.UtcTicks}");
        Result<IReadOnlyList<AvailableTime>> none = Array.Empty<AvailableTime>();
        await app.Services.GetRequiredService<ReadCache>().GetAsync(
            await UserIdAsync(app, persona), key, TimeSpan.FromSeconds(30), TimeSpan.Zero, _ => Task.FromResult(none), Cancel, renew: true);
    }

    public static EventType Type(string id, string? name) => new(
        $"https://api.calendly.com/event_types/{id}", name, true, id, $"https://calendly.com/ana/{id}", 30, null, "solo", null, "StandardEventType",
        "#2f7d6d", Then, Then, null, false, null, null, new EventTypeProfile("User", "Ana Ruiz", null), false, "instant", [], null, false, [], 0, "en", 30, 0, 0);

    private static Task<long> UserIdAsync(DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync($"persona:{persona}", Cancel);
}
