namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Who may call the emulator, and a switch for each behavior that Calendly does not document. May be changed at
/// any time; the next call sees it.</summary>
internal sealed class EmulatorOptions
{
    public const string MockClientId = "mock-client";
    public const string MockClientSecret = "mock-secret";
    public const string MockSigningKey = "mock-signing-key";

    /// <summary>Accepted besides <see cref="MockClientId"/>, which always is.</summary>
    public string ClientId { get; set; } = MockClientId;

    public string ClientSecret { get; set; } = MockClientSecret;

    /// <summary>The application's own key, with which deliveries are signed to subscriptions that brought none.</summary>
    public string SigningKey { get; set; } = MockSigningKey;

    /// <summary>A refresh token, or a code, presented twice ends every token that came from the same consent.</summary>
    public bool ReuseRevokesFamily { get; set; } = true;

    /// <summary>A refresh leaves the older access token good until its own expiry.</summary>
    public bool OldAccessTokenLivesOn { get; set; } = true;

    /// <summary>For so long a traded refresh token gives the same new pair again, as some providers do for an answer that
    /// was lost.</summary>
    public TimeSpan RotationGrace { get; set; }

    /// <summary>A new consent of the same account to the same client ends the earlier one.</summary>
    public bool NewConsentEndsEarlier { get; set; }

    /// <summary>400 or 401; both are in use for a dead code or refresh token.</summary>
    public int InvalidGrantStatus { get; set; } = StatusCodes.Status400BadRequest;

    /// <summary>API calls a minute of a user on a paid plan. A benchmark raises it.</summary>
    public int PaidCallsPerMinute { get; set; } = 500;

    /// <summary>API calls a minute of a user on the free plan.</summary>
    public int FreeCallsPerMinute { get; set; } = 50;

    /// <summary>Bookings by a program, of a user on a paid plan below the largest. What holds on the free plan is not
    /// documented; here the same does.</summary>
    public int BookingsPerMinute { get; set; } = 10;

    public int BookingsPerHour { get; set; } = 50;

    public int BookingsPerDay { get; set; } = 100;

    public int TokenCallsPerMinute { get; set; } = 8;

    /// <summary>How far the clock on the emulator's answers is ahead of ours.</summary>
    public TimeSpan ClockAhead { get; set; }

    public bool AcceptsClient(string id, string secret) =>
        (id == MockClientId && secret == MockClientSecret)
        || (id == ClientId && secret == ClientSecret && id.Length > 0 && secret.Length > 0);
}
