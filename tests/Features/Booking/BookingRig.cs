using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Tests.Features.Booking;

/// <summary>What tests of booking do again and again.</summary>
internal static class BookingRig
{
    public const string Nine = "2026-03-10T13:00:00Z";

    public static readonly string Discovery = EmulatedIds.EventType("ana", "discovery-call");

    public static readonly string Url = $"/book/ana-ruiz/{Discovery}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<IHtmlDocument> PageAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return await answer.DocumentAsync();
    }

    /// <summary>The parameters of the frame's address.</summary>
    public static Dictionary<string, string> FrameParameters(IParentNode page)
    {
        var source = page.QuerySelector("[data-testid=booking-widget]")!.GetAttribute("data-src")!;
        return QueryHelpers.ParseQuery(source[source.IndexOf('?')..]).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
    }

    /// <summary>Opens the page and gives the attempt that it has made.</summary>
    public static async Task<string> OpenAsync(HttpClient client, string path)
    {
        using var page = await PageAsync(client, path);
        return FrameParameters(page)["utm_content"];
    }

    /// <summary>What the person does in Calendly's form.</summary>
    public static EmulatedInvitee Book(DashboardApp app, string start, string? nonce, string eventTypeId, string email = "luca@ferri.example") =>
        app.Emulator.At((desk, now) => desk.World.TryGetEventType(eventTypeId, out var type)
            ? desk.Book(type, DateTimeOffset.Parse(start, null), new BookingRequest("Luca Ferri", email, NodaTime.DateTimeZoneProviders.Tzdb["Europe/London"].Id)
            {
                Tracking = EmulatedTracking.Of(name => name == "utm_content" ? nonce : null),
            }, now)
            : null) ?? throw new InvalidOperationException($"{start} is not open.");

    public static Task<HttpResponseMessage> CheckAsync(HttpClient client, string nonce, string why = "told", EmulatedInvitee? invitee = null, bool htmx = true) =>
        PostAsync(client, $"{Url}/check", htmx, ("attempt", nonce), ("why", why), ("event", invitee?.EventUri ?? ""), ("invitee", invitee?.Uri ?? ""));

    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path, bool htmx, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("RequestVerificationToken", await DashboardApp.AntiforgeryTokenAsync(client));
        if (htmx)
        {
            request.Headers.Add("HX-Request", "true");
        }

        return await client.SendAsync(request, Cancel);
    }

    /// <summary>The fields of our own form as the page has them, with what a test fills in.</summary>
    public static (string Name, string Value)[] Filled(IParentNode page, params (string Name, string Value)[] typed)
    {
        var form = page.QuerySelector("[data-testid=booking-form]")!;
        var given = form.QuerySelectorAll("input:not([type=radio]):not([type=checkbox]), textarea")
            .Select(field => (Name: field.GetAttribute("name")!, Value: field is IHtmlTextAreaElement area ? area.Value : field.GetAttribute("value") ?? ""))
            .Where(field => field.Name != "__RequestVerificationToken" && typed.All(other => other.Name != field.Name));
        return [.. given, .. typed];
    }

    /// <summary>The soonest start of one of Ana's event types.</summary>
    public static async Task<string> SoonestAsync(HttpClient client, string slug)
    {
        using var page = await PageAsync(client, $"/book/ana-ruiz/{EmulatedIds.EventType("ana", slug)}/form");
        return page.QuerySelector("[data-testid=nearest-slot]")!.GetAttribute("href")!.Split("slot=")[1];
    }

    public static string Words(INode? node) => Regex.Replace(node?.TextContent ?? "", @"\s+", " ").Trim();

    public static string EventTypeUri(string id) => CalendlyUri.For("event_types", id);

    public static int PostsTo(DashboardApp app, string path) => app.Emulator.Journal.Count(call => call.Method == "POST" && call.Path == path);
}
