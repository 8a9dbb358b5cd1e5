using NodaTime;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A Calendly user of the emulated world.</summary>
/// <param name="Key">Short name, also the slug: <c>ana</c>.</param>
internal sealed record EmulatedAccount(string Key, string Id, string Name, string Email, DateTimeZone Zone, string OrganizationId)
{
    public string TimeNotation { get; init; } = "12h";

    public string Locale { get; init; } = "en";

    /// <summary>Owns the organization, and so sees every member's events.</summary>
    public bool IsOwner { get; init; }

    public bool IsFree { get; init; }

    public string Uri { get; } = CalendlyUri.For("users", Id);

    public string OrganizationUri { get; } = CalendlyUri.For("organizations", OrganizationId);

    public byte[] Json => field ??= EmulatorJson.User(this);
}
