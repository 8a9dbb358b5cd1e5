using CalendlySlices.Infrastructure.Calendly.Emulator;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>The keys that Calendly may sign deliveries with: several while a key is being changed. They cannot print
/// themselves.</summary>
internal sealed class WebhookKeys(IReadOnlyList<Secret> keys)
{
    /// <summary>Published on purpose: mock mode's key, which protects nothing. With real settings it is taken only where Calendly is a loopback address.</summary>
    public const string Mock = EmulatorOptions.MockSigningKey;

    /// <summary>In the order of the setting.</summary>
    public IReadOnlyList<Secret> All { get; } = keys;
}
