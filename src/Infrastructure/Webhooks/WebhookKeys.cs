namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>The keys that Calendly may sign deliveries with: several while a key is being changed. They cannot print
/// themselves.</summary>
internal sealed class WebhookKeys(IReadOnlyList<Secret> keys)
{
    /// <summary>Published on purpose: mock mode's key, which protects nothing. Real mode refuses it.</summary>
    public const string Mock = "mock-signing-key";

    /// <summary>In the order of the setting.</summary>
    public IReadOnlyList<Secret> All { get; } = keys;
}
