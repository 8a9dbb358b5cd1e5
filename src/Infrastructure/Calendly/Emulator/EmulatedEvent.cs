namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A booked event. Changes only by its methods, under the emulator's lock.</summary>
internal sealed class EmulatedEvent(string id, EmulatedEventType type, DateTimeOffset start, IReadOnlyList<EmulatedAccount> hosts)
{
    private byte[]? _json;
    private IReadOnlyList<string> _guests = [];
    private IReadOnlyList<EmulatedInvitee> _invitees = [];

    public string Id => id;

    public string Uri { get; } = CalendlyUri.For("scheduled_events", id);

    public EmulatedEventType Type => type;

    public IReadOnlyList<EmulatedAccount> Hosts => hosts;

    public DateTimeOffset Start => start;

    public DateTimeOffset End { get; init; } = start.AddMinutes(type.Minutes);

    public string Name { get; init; } = type.Name;

    public string? Notes { get; init; }

    /// <summary>Calendly's JSON of the place, or null.</summary>
    public string? Location { get; init; }

    public IReadOnlyList<string> Guests
    {
        get => _guests;
        init => _guests = value;
    }

    public IReadOnlyList<EmulatedInvitee> Invitees
    {
        get => _invitees;
        init => _invitees = value;
    }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public EmulatedCancellation? Cancellation { get; private set; }

    /// <summary>Calendly's resource, kept until the event changes.</summary>
    public byte[] Json => _json ??= EmulatorJson.Event(this);

    public bool IsHostedBy(EmulatedAccount account)
    {
        foreach (var host in hosts)
        {
            if (ReferenceEquals(host, account))
            {
                return true;
            }
        }

        return false;
    }

    public bool HasInvitee(string email)
    {
        foreach (var invitee in Invitees)
        {
            if (string.Equals(invitee.Email, email, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    public int SeatsLeft => Cancellation is null ? type.Seats - Invitees.Count(invitee => invitee.IsActive) : 0;

    /// <summary>One more invitee, who may bring guests.</summary>
    public void Join(EmulatedInvitee invitee, IReadOnlyList<string> guests)
    {
        _invitees = [.. _invitees, invitee];
        _guests = [.. _guests, .. guests.Except(_guests, StringComparer.OrdinalIgnoreCase)];
        UpdatedAt = invitee.CreatedAt;
        _json = null;
    }

    /// <summary>One of the invitees is not coming, or has moved to <paramref name="moved"/>. Without any left, the event is
    /// canceled.</summary>
    public void Leave(EmulatedInvitee invitee, EmulatedCancellation cancellation, EmulatedInvitee? moved = null)
    {
        if (moved is null)
        {
            invitee.Cancel(cancellation);
        }
        else
        {
            invitee.MoveTo(moved, cancellation);
        }

        UpdatedAt = cancellation.CreatedAt;
        Cancellation = Invitees.Any(one => one.IsActive) ? null : cancellation;
        _json = null;
    }

    /// <summary>Cancels for everybody at once.</summary>
    public void Cancel(EmulatedCancellation cancellation)
    {
        Cancellation = cancellation;
        UpdatedAt = cancellation.CreatedAt;
        _json = null;
        foreach (var invitee in Invitees)
        {
            if (invitee.IsActive)
            {
                invitee.Cancel(cancellation);
            }
        }
    }
}

/// <param name="By">A display name.</param>
internal sealed record EmulatedCancellation(string By, string? Reason, bool ByHost, DateTimeOffset CreatedAt);
