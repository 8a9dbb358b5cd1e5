namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>An answer that came whole and makes no sense. The message never holds any of it.</summary>
/// <param name="mayPass">True for what a proxy or a deployment can cause, so that asking again may help.</param>
internal sealed class BadAnswerException(string message, bool mayPass) : Exception(message)
{
    public bool MayPass { get; } = mayPass;
}
