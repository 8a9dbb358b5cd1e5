namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal enum FaultKind
{
    /// <summary>Answers with <see cref="Fault.Status"/> and an empty body; nothing happened.</summary>
    Status,

    /// <summary>What was asked for happened; the answer is cut in the middle.</summary>
    BadJson,

    /// <summary>What was asked for happened; the answer has no body.</summary>
    EmptyBody,

    /// <summary>What was asked for happened; the answer is lost with the connection.</summary>
    Drop,

    /// <summary>The connection is lost before anything happened. A caller cannot tell it from <see cref="Drop"/>.</summary>
    DropBefore,

    /// <summary>The connection was never made. Over HTTP it looks like <see cref="DropBefore"/>.</summary>
    Refuse,

    /// <summary>Answers as usual after <see cref="Fault.Delay"/>, measured on the emulator's clock.</summary>
    Delay,

    /// <summary>Never answers; nothing happened.</summary>
    Hang,
}

/// <summary>Something that goes wrong for the next calls that fit, and ends by itself.</summary>
/// <param name="PathPrefix">For example <c>/oauth/token</c>; compared with the path alone.</param>
internal sealed record Fault(string PathPrefix, FaultKind Kind)
{
    /// <summary>Null fits every method.</summary>
    public string? Method { get; init; }

    /// <summary>Calls that are spoilt before the fault is over.</summary>
    public int Times { get; init; } = 1;

    public int Status { get; init; } = StatusCodes.Status500InternalServerError;

    /// <summary>Sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public TimeSpan Delay { get; init; }
}
