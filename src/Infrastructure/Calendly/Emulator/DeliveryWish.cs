namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>How a tester would have the next deliveries of each subscription come. Order and number of deliveries are not
/// promised by Calendly. Source: https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors</summary>
/// <param name="Next">So many deliveries, of every subscription for itself.</param>
/// <param name="IsReversed">They wait for each other, and the last goes first.</param>
/// <param name="Copies">How often each is delivered, 1 for once.</param>
/// <param name="Delay">So long after the event, by the emulator's clock.</param>
internal sealed record DeliveryWish(int Next, bool IsReversed, int Copies, TimeSpan Delay);
