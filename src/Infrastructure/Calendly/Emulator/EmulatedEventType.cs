using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal sealed record EmulatedEventType(EmulatedAccount Owner, string Slug, string Name, int Minutes, string Color, int Position)
{
    public string Id { get; } = EmulatedIds.EventType(Owner.Key, Slug);

    public bool Active { get; init; } = true;

    public bool Secret { get; init; }

    /// <summary>More than one makes it a group type.</summary>
    public int Seats { get; init; } = 1;

    public IReadOnlyList<int>? MinuteOptions { get; init; }

    public string? Description { get; init; }

    public string? InternalNote { get; init; }

    /// <summary>Calendly's JSON of each place on offer.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    public IReadOnlyList<EmulatedQuestion> Questions { get; init; } = [];

    /// <summary>Minutes between two start times.</summary>
    public int StartTimeIncrement { get; init; } = 30;

    public int BeforeBuffer { get; init; }

    public int AfterBuffer { get; init; }

    /// <summary>Minutes between now and the first start time that can be booked. Calendly shows it nowhere.</summary>
    public int Notice { get; init; }

    /// <summary>Days ahead that can be booked. Calendly shows it nowhere.</summary>
    public int HorizonDays { get; init; } = 60;

    /// <summary>Sessions of this type on one day, or null. Calendly shows it nowhere.</summary>
    public int? PerDay { get; init; }

    /// <summary><c>round_robin</c> where one free host is enough, <c>collective</c> where all must be, null for one host.</summary>
    public string? Pooling { get; init; }

    /// <summary>Who holds the sessions beside the owner.</summary>
    public IReadOnlyList<EmulatedAccount> CoHosts { get; init; } = [];

    /// <summary>The owner's schedule whose hours apply, unless <see cref="OwnHours"/> has others.</summary>
    public string ScheduleId { get; init; } = EmulatedIds.Schedule(Owner.Key, EmulatedSchedule.WorkingHours);

    /// <summary>Hours for this type alone, by account id.</summary>
    public IReadOnlyDictionary<string, WeeklyHours> OwnHours { get; init; } = new Dictionary<string, WeeklyHours>(StringComparer.Ordinal);

    public string Locale { get; init; } = Owner.Locale;

    /// <summary>Made for one occasion: without a slug of its own, a page under a link, and no steps to set.</summary>
    public bool IsOneOff { get; init; }

    /// <summary>Deleted types are never listed, and still can be read.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string Uri => field ??= CalendlyUri.For("event_types", Id);

    public string SchedulingUrl => IsOneOff ? $"https://calendly.com/d/{EmulatedIds.Link(Id, 0)}/{Slug}" : $"https://calendly.com/{Owner.Key}/{Slug}";

    public bool IsOneOnOne => Seats == 1 && Pooling is null;

    public IEnumerable<EmulatedAccount> Hosts => CoHosts.Prepend(Owner);

    /// <summary>Calendly's resource, kept until the type changes.</summary>
    [AllowNull]
    public byte[] Json
    {
        get => field ??= EmulatorJson.EventType(this);
        private init;
    }

    /// <summary>The last step of every change: notes when, and forgets the resource that the copy has brought along.</summary>
    public EmulatedEventType ChangedAt(DateTimeOffset now) => this with { UpdatedAt = now, Json = null };
}

/// <param name="Type">One of Calendly's: <c>string</c>, <c>text</c>, <c>phone_number</c>, <c>single_select</c>, <c>multi_select</c>.</param>
internal sealed record EmulatedQuestion(string Name, string Type, bool Required, IReadOnlyList<string> Choices);
