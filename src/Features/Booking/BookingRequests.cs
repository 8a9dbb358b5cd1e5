using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

internal static class BookingRequests
{
    /// <summary>True when the answer goes into the dialog of another page, which has its own heading and its own way back.</summary>
    public static bool IsInDialog(this HttpRequest request) =>
        request.IsHtmx() && !(Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var page) && new PathString(page.AbsolutePath).StartsWithSegments("/book"));

    /// <summary>Null for a body that is no form.</summary>
    public static async Task<IFormCollection?> FormAsync(this HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(cancellationToken) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
