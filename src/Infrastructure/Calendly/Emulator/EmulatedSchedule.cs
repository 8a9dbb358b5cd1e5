namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A named set of hours of an account, which any number of its event types use.</summary>
/// <param name="IsDefault">True for exactly one of an account.</param>
internal sealed record EmulatedSchedule(EmulatedAccount Owner, string Id, string Name, bool IsDefault, WeeklyHours Hours)
{
    /// <summary>Key of the schedule that every account has.</summary>
    public const string WorkingHours = "working-hours";

    public string Uri => CalendlyUri.For("user_availability_schedules", Id);
}

/// <summary>When one host of an event type can be booked with it.</summary>
/// <param name="Schedule">Null when the event type has hours of its own.</param>
internal sealed record EmulatedHours(EmulatedEventType Type, EmulatedAccount Host, WeeklyHours Hours, EmulatedSchedule? Schedule);
