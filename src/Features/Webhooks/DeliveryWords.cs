using System.Globalization;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Features.Webhooks;

/// <summary>What the words in the database mean to a reader.</summary>
internal static class DeliveryWords
{
    public static readonly PanelWords Panel = new(
        "This delivery", string.Empty, string.Empty, "There is no such delivery. Deliveries are kept for two weeks.", "That is not a delivery.", "/admin/deliveries", "Deliveries");

    public static string OfState(string state) => state switch
    {
        DeliveryState.Waiting => "Waiting",
        DeliveryState.Held => "Waits for the other half",
        DeliveryState.Done => "Done",
        DeliveryState.Ignored => "Ignored",
        DeliveryState.Dead => "Given up",
        _ => state,
    };

    /// <summary>The class of a state's sign.</summary>
    public static string LookOf(string state) => state switch
    {
        DeliveryState.Done => "on",
        DeliveryState.Dead => "warn",
        _ => "off",
    };

    public static string? OfResult(string? result) => result switch
    {
        DeliveryResult.Applied => "Told",
        DeliveryResult.Known => "Nothing in it was new",
        DeliveryResult.UnknownEvent => "We do not know this event",
        DeliveryResult.NoConnection => "Nobody is connected as this Calendly user",
        DeliveryResult.NotUsable => "The connection has to be renewed first",
        DeliveryResult.Gone => "Calendly shows no such thing",
        DeliveryResult.NotTheirs => "It named somebody else’s session",
        DeliveryResult.Unreadable => "The body cannot be read",
        DeliveryResult.Outage => "No answer, from Calendly or the database",
        DeliveryResult.Fault => "A fault of ours",
        _ => result,
    };

    public static string OfCount(string result) => result switch
    {
        DeliveryCounts.Accepted => "new",
        DeliveryCounts.Duplicate => "once more",
        DeliveryCounts.Stale => "late",
        DeliveryCounts.Ignored => "ignored",
        DeliveryCounts.Forged => "forged",
        DeliveryCounts.TooLarge => "too large",
        _ => result,
    };

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
