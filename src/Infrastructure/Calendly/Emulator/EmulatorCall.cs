namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Which of Calendly's two hosts a call was sent to.</summary>
internal enum EmulatorHost
{
    /// <summary>Both answer at one address, as under <c>/mock/calendly</c>.</summary>
    Any,
    Api,
    OAuth,
}

/// <summary>A request to the emulator, whichever way it came in: only what Calendly looks at.</summary>
/// <param name="Target">Path and query, still percent-encoded, for example <c>/users/me</c>.</param>
internal sealed record EmulatorCall(string Method, string Target)
{
    public EmulatorHost Host { get; init; }

    public string? Authorization { get; init; }

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? Target[..mark] : Target;

    /// <summary>Without the question mark.</summary>
    public string Query => Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? Target[(mark + 1)..] : string.Empty;

    // A record prints its members, and these hold tokens.
    public override string ToString() => $"{Method} {Path}";
}
