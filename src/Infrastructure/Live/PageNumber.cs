namespace CalendlySlices.Infrastructure.Live;

/// <summary>The number of the last change that everything on a page knows of.</summary>
internal sealed record PageNumber(long Value)
{
    /// <summary>Taken before the page read anything, so that what changes while it is made is not lost.</summary>
    public static long Of(HttpContext context) => context.Features.Get<PageNumber>()?.Value ?? 0;
}
