namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Carries the reason why there is no access token from the handler to <see cref="CalendlyApi"/>.</summary>
internal sealed class NoTokenException(Failure failure) : Exception("There is no access token: " + failure.Code)
{
    public Failure Failure { get; } = failure;
}
