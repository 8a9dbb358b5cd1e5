namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Where somebody who booked came from, as the address of the booking page said. Each is null when it did not say.</summary>
internal sealed record EmulatedTracking(string? Campaign, string? Source, string? Medium, string? Content, string? Term, string? SalesforceUuid)
{
    /// <summary>Calendly's names, in its order: of the fields in its answers and of the parameters in its addresses.</summary>
    public static readonly IReadOnlyList<string> Names = ["utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid"];

    public static readonly EmulatedTracking None = Of(_ => null);

    public static EmulatedTracking Of(Func<string, string?> read) =>
        new(read(Names[0]), read(Names[1]), read(Names[2]), read(Names[3]), read(Names[4]), read(Names[5]));
}
