namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal sealed class EmulatedInvitee(string id, string eventUri, string name, string email, string? zone)
{
    private byte[]? _json;
    private string? _newInvitee;
    private DateTimeOffset? _noShowAt;

    public string Id => id;

    public string EventUri => eventUri;

    public string Uri { get; } = $"{eventUri}/invitees/{id}";

    public string Name => name;

    public string Email => email;

    /// <summary>An IANA zone, or null.</summary>
    public string? Zone => zone;

    /// <summary>Null, as <see cref="LastName"/>, when the form had one field for the name.</summary>
    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public IReadOnlyList<(string Question, string Answer)> Answers { get; init; } = [];

    public EmulatedTracking Tracking { get; init; } = EmulatedTracking.None;

    public string? TextReminderNumber { get; init; }

    /// <summary>URI of the invitee this one was before a move.</summary>
    public string? OldInvitee { get; init; }

    /// <summary>URI of the invitee this one became; set on the old half of a move.</summary>
    public string? NewInvitee
    {
        get => _newInvitee;
        init => _newInvitee = value;
    }

    /// <summary>The invitee was booked by a program, not on Calendly's own page.</summary>
    public bool ByApi { get; init; }

    public DateTimeOffset? NoShowAt
    {
        get => _noShowAt;
        init => _noShowAt = value;
    }

    /// <summary>Calendly's JSON of a payment, or null.</summary>
    public string? Payment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public EmulatedCancellation? Cancellation { get; private set; }

    public bool IsActive => Cancellation is null;

    public byte[] Json => _json ??= EmulatorJson.Invitee(this);

    public void Cancel(EmulatedCancellation cancellation)
    {
        Cancellation = cancellation;
        UpdatedAt = cancellation.CreatedAt;
        _json = null;
    }

    /// <summary>Did not come; null takes that back.</summary>
    /// <param name="now">When that is said.</param>
    public void MarkNoShow(DateTimeOffset? noShowAt, DateTimeOffset now)
    {
        _noShowAt = noShowAt;
        // Later than before, on a clock that stands still too: the time of the change is what tells two deliveries apart.
        UpdatedAt = now > UpdatedAt ? now : UpdatedAt.AddMicroseconds(1);
        _json = null;
    }

    /// <summary>Cancels, because the invitee has moved and is another one now.</summary>
    public void MoveTo(EmulatedInvitee other, EmulatedCancellation cancellation)
    {
        _newInvitee = other.Uri;
        Cancel(cancellation);
    }
}
