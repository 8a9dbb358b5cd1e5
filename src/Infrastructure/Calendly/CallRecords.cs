using System.Collections.Immutable;
using System.Globalization;

namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>How many calls a person has left at Calendly, as its last answer said.</summary>
/// <param name="Limit">Calls a minute: 500 on a paid plan, 50 on the free one.</param>
/// <param name="ResetsAt">From here on <paramref name="Limit"/> are left again.</param>
internal sealed record CallAllowance(int Limit, int Remaining, DateTimeOffset ResetsAt, DateTimeOffset SeenAt);

/// <summary>How far our clock and Calendly's are apart.</summary>
/// <param name="Ahead">Positive when ours is ahead.</param>
/// <param name="Margin">The measurement may be wrong by this much: half the way there and back, and half a second because
/// Calendly tells whole seconds.</param>
internal sealed record ClockReading(TimeSpan Ahead, TimeSpan Margin, DateTimeOffset At);

/// <summary>A call that failed. Holds nothing that Calendly wrote.</summary>
/// <param name="Operation">Method and path with placeholders.</param>
/// <param name="RequestId">What the person was shown as <c>X-Request-Id</c>; null when the call belonged to no request.</param>
internal sealed record CallError(DateTimeOffset At, string Operation, FailureCode Code, string? RequestId);

/// <summary>What is remembered of one person's calls.</summary>
/// <param name="Errors">The newest first, at most <see cref="CallRecords.ErrorsKept"/>.</param>
/// <param name="Outcomes">How each operation ended the last time.</param>
internal sealed record PersonCalls(CallAllowance? Allowance, ImmutableList<CallError> Errors, ImmutableDictionary<string, CallOutcome> Outcomes)
{
    public static readonly PersonCalls None = new(null, [], ImmutableDictionary<string, CallOutcome>.Empty);
}

/// <param name="SucceededAt">The last time that it went well, perhaps before a failure.</param>
/// <param name="Failure">Null when the last call went well.</param>
internal sealed record CallOutcome(DateTimeOffset At, DateTimeOffset? SucceededAt, FailureCode? Failure);

/// <summary>Our own record of our calls to Calendly, in memory and gone with the process: what the status page tells
/// without asking anybody. A singleton; what it hands out does not change.</summary>
internal sealed class CallRecords(TimeProvider clock)
{
    /// <summary>People remembered; whoever has called longest ago is forgotten first.</summary>
    public const int Capacity = 10_000;

    public const int ErrorsKept = 5;

    // Calendly's Date counts whole seconds, so that the instant meant lies in the middle of the one named, give or take this.
    private static readonly TimeSpan HalfASecond = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Entry> _people = [];
    private readonly LinkedList<long> _oldestFirst = [];
    private ClockReading? _reading;

    /// <summary>Null until an answer has told Calendly's time.</summary>
    public ClockReading? Clock
    {
        get
        {
            lock (_lock)
            {
                return _reading;
            }
        }
    }

    public PersonCalls Of(long userId)
    {
        lock (_lock)
        {
            return _people.TryGetValue(userId, out var entry) ? entry.Calls : PersonCalls.None;
        }
    }

    /// <summary>Reads from an answer what it tells beside its body.</summary>
    /// <param name="sentAt">On our clock; the answer has just been received.</param>
    public void NoteAnswer(long userId, HttpResponseMessage response, DateTimeOffset sentAt)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            // What a cache has kept a while bears an old date.
            if (response.Headers is { Date: { } there, Age: null })
            {
                var half = (now - sentAt) / 2;
                _reading = new ClockReading(sentAt + half - (there + HalfASecond), half.Duration() + HalfASecond, now);
            }

            if (Number(response, "X-RateLimit-Limit") is { } limit && Number(response, "X-RateLimit-Remaining") is { } remaining)
            {
                var reset = TimeSpan.FromSeconds(Math.Min(Number(response, "X-RateLimit-Reset") ?? 60, 3600));
                Change(userId, calls => calls with { Allowance = new CallAllowance(limit, Math.Min(remaining, limit), now + reset, now) });
            }
        }
    }

    /// <summary>Notes how a call ended. Calls that were never made because nobody is connected do not count.</summary>
    public void Note(long userId, string operation, Failure? failure, string? requestId)
    {
        if (failure?.Code == FailureCode.NotConnected)
        {
            return;
        }

        var now = clock.GetUtcNow();
        lock (_lock)
        {
            Change(userId, calls => calls with
            {
                Outcomes = calls.Outcomes.SetItem(
                    operation,
                    new CallOutcome(now, failure is null ? now : calls.Outcomes.GetValueOrDefault(operation)?.SucceededAt, failure?.Code)),
                Errors = failure is null
                    ? calls.Errors
                    : [.. calls.Errors.Insert(0, new CallError(now, operation, failure.Code, requestId)).Take(ErrorsKept)],
            });
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _people.Clear();
            _oldestFirst.Clear();
            _reading = null;
        }
    }

    private void Change(long userId, Func<PersonCalls, PersonCalls> change)
    {
        if (_people.TryGetValue(userId, out var entry))
        {
            _oldestFirst.Remove(entry.Place);
            _oldestFirst.AddLast(entry.Place);
        }
        else
        {
            if (_people.Count == Capacity)
            {
                _people.Remove(_oldestFirst.First!.Value);
                _oldestFirst.RemoveFirst();
            }

            entry = new Entry(_oldestFirst.AddLast(userId));
            _people.Add(userId, entry);
        }

        entry.Calls = change(entry.Calls);
    }

    private static int? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private sealed class Entry(LinkedListNode<long> place)
    {
        public LinkedListNode<long> Place { get; } = place;

        public PersonCalls Calls { get; set; } = PersonCalls.None;
    }
}
