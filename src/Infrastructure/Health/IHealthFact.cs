namespace CalendlySlices.Infrastructure.Health;

/// <summary>Something that whoever looks after the application wants to know; never about a person. Each part registers
/// its own.</summary>
internal interface IHealthFact
{
    /// <summary>The field's name in the answer.</summary>
    string Name { get; }

    /// <summary>Anything that can be written as JSON. What it throws is shown as unknown.</summary>
    Task<object?> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A fact of one line.</summary>
internal sealed record HealthFact(string Name, Func<CancellationToken, Task<object?>> Read) : IHealthFact
{
    public Task<object?> ReadAsync(CancellationToken cancellationToken) => Read(cancellationToken);
}
