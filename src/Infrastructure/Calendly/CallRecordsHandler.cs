namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Shows every answer of the API host to <see cref="CallRecords"/>, those included that are tried again. It belongs
/// next to the wire, where the way there and back is all that is measured.</summary>
internal sealed class CallRecordsHandler(CallRecords records, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sentAt = clock.GetUtcNow();
        var response = await base.SendAsync(request, cancellationToken);
        if (CalendlyCall.Of(request).UserId is { } userId)
        {
            records.NoteAnswer(userId, response, sentAt);
        }

        return response;
    }
}
