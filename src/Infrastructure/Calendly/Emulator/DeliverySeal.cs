namespace CalendlySlices.Infrastructure.Calendly.Emulator;

internal enum SealKind
{
    Good,

    /// <summary>In the right form, by somebody who does not have the key.</summary>
    Bad,

    Missing,
}

/// <summary>How a delivery is signed.</summary>
/// <param name="Age">How long ago, by what the signature says; negative for a time to come.</param>
internal sealed record DeliverySeal(SealKind Kind, TimeSpan Age)
{
    public static readonly DeliverySeal Good = new(SealKind.Good, TimeSpan.Zero);

    private static readonly Secret WrongKey = new("not-the-key");

    /// <summary>The header's value, or null for none.</summary>
    public string? Of(Secret key, DateTimeOffset now, ReadOnlySpan<byte> body) => Kind switch
    {
        SealKind.Missing => null,
        SealKind.Bad => DeliverySignature.Of(WrongKey, now - Age, body),
        _ => DeliverySignature.Of(key, now - Age, body),
    };
}
