namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A fault as a tester asks for it.</summary>
/// <param name="Endpoint">The beginning of a path at Calendly, for example <c>/scheduled_events</c>.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Times">Calls that are spoilt before the fault is over; 1 when absent.</param>
/// <param name="RetryAfter">Seconds.</param>
internal sealed record FaultRequest(string? Endpoint, string? Kind, string? Method, int? Times, int? Status, int? RetryAfter, int? DelayMs)
{
    private static readonly Dictionary<string, FaultKind> ByName = new(StringComparer.Ordinal)
    {
        ["status"] = FaultKind.Status,
        ["badJson"] = FaultKind.BadJson,
        ["emptyBody"] = FaultKind.EmptyBody,
        ["drop"] = FaultKind.Drop,
        ["dropBefore"] = FaultKind.DropBefore,
        ["refuse"] = FaultKind.Refuse,
        ["delay"] = FaultKind.Delay,
        ["timeout"] = FaultKind.Hang,
    };

    public static readonly IReadOnlyList<string> Kinds = [.. ByName.Keys];

    /// <summary>Null when the kind is unknown, or the numbers make no sense.</summary>
    public Fault? ToFault()
    {
        if (Kind is null || !ByName.TryGetValue(Kind, out var kind) || Times is < 1 or > 1_000 || (kind == FaultKind.Status && Status is not (>= 400 and <= 599)))
        {
            return null;
        }

        return new Fault(Endpoint ?? "/", kind)
        {
            Method = Method,
            Times = Times ?? 1,
            Status = Status ?? StatusCodes.Status500InternalServerError,
            RetryAfter = RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Delay = TimeSpan.FromMilliseconds(DelayMs ?? 0),
        };
    }
}
