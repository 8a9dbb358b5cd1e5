namespace CalendlySlices.Tests.Browser;

/// <summary>Browser tests run one after the other, beside the rest: two at once on a small machine only slow each other down
/// until something times out.</summary>
[CollectionDefinition]
public sealed class OneAtATime;
