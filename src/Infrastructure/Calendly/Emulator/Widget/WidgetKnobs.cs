using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

/// <summary>What the stand-in for the booking page does otherwise than usual. The first four when it shows a page, the others
/// when somebody books.</summary>
internal enum WidgetKnob
{
    /// <summary>An empty page that never says a word.</summary>
    NeverLoads,

    /// <summary>Shows nothing and says nothing until the delay has passed, by the browser's clock.</summary>
    Late,

    /// <summary>Sends what is no message of Calendly's before those that are.</summary>
    Junk,

    /// <summary>A frame inside it, of another origin, claims that somebody has booked.</summary>
    WrongOrigin,

    /// <summary>Books, and does not tell the page around it.</summary>
    BooksSilently,

    /// <summary>Tells of a booking that is none.</summary>
    TellsButDidNotBook,

    /// <summary>The time is gone at the very end.</summary>
    SlotTaken,

    /// <summary>Moves an earlier session of the same e-mail address with the same host, and does not tell. Books as usual where
    /// there is none.</summary>
    MovesOld,
}

/// <summary>The knobs that wait for a page or a booking, each as often as it was asked for. Thread-safe.</summary>
internal sealed class WidgetKnobs
{
    /// <summary>As addresses and test hooks spell them: <c>neverLoads</c>.</summary>
    public static readonly IReadOnlyDictionary<string, WidgetKnob> ByName =
        Enum.GetValues<WidgetKnob>().ToDictionary(knob => JsonNamingPolicy.CamelCase.ConvertName(knob.ToString()), StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];

    public void Add(WidgetKnob knob, int times = 1, int delayMs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate)
        {
            _waiting.Add(new(knob, times, delayMs));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
        }
    }

    /// <summary>Those that are for a page, each now used once more.</summary>
    public WidgetTurn TakeForPage() => Take(knob => knob <= WidgetKnob.WrongOrigin);

    /// <summary>The same for a booking.</summary>
    public WidgetTurn TakeForBooking() => Take(knob => knob > WidgetKnob.WrongOrigin);

    private WidgetTurn Take(Func<WidgetKnob, bool> isDue)
    {
        lock (_gate)
        {
            var due = _waiting.Where(waiting => isDue(waiting.Knob)).ToList();
            foreach (var waiting in due)
            {
                waiting.Times--;
            }

            _waiting.RemoveAll(waiting => waiting.Times == 0);
            return new(due.Select(waiting => waiting.Knob).ToHashSet(), due.Select(waiting => waiting.DelayMs).DefaultIfEmpty().Max());
        }
    }

    private sealed class Waiting(WidgetKnob knob, int times, int delayMs)
    {
        public WidgetKnob Knob => knob;

        public int DelayMs => delayMs;

        public int Times { get; set; } = times;
    }
}

/// <summary>The knobs that are turned for one page or booking.</summary>
internal sealed record WidgetTurn(IReadOnlySet<WidgetKnob> Knobs, int DelayMs)
{
    public bool Has(WidgetKnob knob) => Knobs.Contains(knob);

    public WidgetTurn And(WidgetTurn other) => new(Knobs.Concat(other.Knobs).ToHashSet(), Math.Max(DelayMs, other.DelayMs));
}
