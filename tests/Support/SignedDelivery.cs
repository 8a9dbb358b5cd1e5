using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using CalendlySlices.Infrastructure.Webhooks;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Support;

/// <summary>What Calendly would send, signed by hand; and what has come of it.</summary>
internal static class SignedDelivery
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A body that names an invitee.</summary>
    /// <param name="more">Makes it another delivery of the same event.</param>
    public static string Body(string name, EmulatedInvitee invitee, EmulatedAccount by, string more = "") => Body(name, invitee.Uri, by.Uri, more);

    public static string Body(string name, string uri, string createdBy, string more = "") =>
        $$$"""{"event":"{{{name}}}","created_at":"2026-03-02T15:00:00.000000Z","created_by":"{{{createdBy}}}","payload":{"uri":"{{{uri}}}","name":"Marker Of Tests","more":"{{{more}}}"}}""";

    public static string Signature(string body, DateTimeOffset at, string key = WebhookKeys.Mock) => Signature(Encoding.UTF8.GetBytes(body), at, key);

    public static string Signature(byte[] body, DateTimeOffset at, string key = WebhookKeys.Mock)
    {
        var t = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={t},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])[.. Encoding.UTF8.GetBytes(t + "."), .. body]))}";
    }

    /// <summary>Signed now, unless said otherwise.</summary>
    public static Task<HttpResponseMessage> DeliverAsync(this DashboardApp app, string body, DateTimeOffset? at = null, string key = WebhookKeys.Mock) =>
        app.DeliverAsync(Encoding.UTF8.GetBytes(body), Signature(body, at ?? app.Clock.GetUtcNow(), key));

    public static async Task<HttpResponseMessage> DeliverAsync(this DashboardApp app, byte[] body, string? signature)
    {
        using var client = app.CreateDefaultClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/calendly") { Content = new ByteArrayContent(body) };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header, signature);
        }

        return await client.SendAsync(request, Cancel);
    }

    /// <summary>Returns when nothing is left that is due now.</summary>
    public static async Task SettledAsync(this DashboardApp app)
    {
        await using var connection = await app.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Cancel);
        while (await connection.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM webhook_delivery WHERE state IN ('waiting', 'held') AND due_at <= @now", new { now = app.Clock.GetUtcNow() }) > 0)
        {
            await Task.Delay(10, Cancel);
        }
    }

    /// <summary>What a persona has been told, oldest first, as kind and invitee.</summary>
    public static async Task<IReadOnlyList<Notice>> ToldAsync(this DashboardApp app, string persona) =>
        [.. (await app.Services.GetRequiredService<Notices>().ListAsync(await app.PersonIdAsync(persona), 100, Cancel)).Reverse()];

    public static Task<long> PersonIdAsync(this DashboardApp app, string persona) =>
        app.Services.GetRequiredService<People>().FindOrAddAsync(Personas.Find(persona)!.UserId, Cancel);

    /// <summary>State and result of every delivery, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> DeliveriesAsync(this DashboardApp app) =>
        [.. (await app.Services.GetRequiredService<WebhookInbox>().ListAsync(null, 500, Cancel)).Reverse().Select(entry => $"{entry.State} {entry.Result}".Trim())];

    /// <summary>Somebody books with Ana at the next time that is open.</summary>
    public static EmulatedInvitee Books(this DashboardApp app, string name = "Noor Haddad", string account = "ana", string slug = "discovery-call", string? nonce = null) =>
        app.Emulator.At((desk, now) =>
        {
            var type = desk.World.EventTypes.First(type => type.Owner.Key == account && type.Slug == slug);
            var from = NodaTime.Instant.FromDateTimeOffset(now.AddDays(1));
            var slot = desk.OpenTimes.Of(type, from, from + NodaTime.Duration.FromDays(30), now)[0];
            return desk.Book(type, slot.Start.ToDateTimeOffset(), new BookingRequest(name, "noor@example.com", null) { Tracking = EmulatedTracking.None with { Content = nonce } }, now)!;
        });

    /// <summary>To the next time that is open.</summary>
    public static EmulatedInvitee Moves(this DashboardApp app, EmulatedInvitee invitee) => app.Emulator.At((desk, now) =>
    {
        var session = desk.World.InviteeById(invitee.Id)!.Value.Session;
        var from = NodaTime.Instant.FromDateTimeOffset(session.Start.AddDays(1));
        var slot = desk.OpenTimes.Of(session.Type, from, from + NodaTime.Duration.FromDays(30), now)[0];
        return desk.Move(invitee.Id, slot.Start.ToDateTimeOffset(), null, EmulatedTracking.None, now)!;
    });

    public static void Cancels(this DashboardApp app, EmulatedInvitee invitee) => Assert.True(app.Emulator.At((desk, now) => desk.Cancel(invitee.Id, "Ill", now)));
}
