using System.Data.Common;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Infrastructure.Webhooks;
using Microsoft.Extensions.Primitives;

namespace CalendlySlices.Features.Webhooks;

/// <param name="Signature">The header; anything but one value is none.</param>
internal sealed record WebhookRequest(StringValues Signature, DeliveryBody Body, IPAddress? Sender);

/// <summary>Takes a delivery in, when it is Calendly's: nothing but a check and one insert, since Calendly waits.</summary>
internal sealed class WebhooksHandler(
    WebhookInbox inbox, WebhookKeys keys, WebhooksValidator validator, EnvelopeValidator envelopes, DeliveryCounts counts, DeliveryPace pace, WireTime time, TimeProvider clock, ILogger<WebhooksHandler> log)
{
    // Calendly waits for fifteen. Source: https://developer.calendly.com/api-docs/overview/webhooks/webhook-timeouts
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The status to answer with: 200 is said only of what is kept.</summary>
    public async Task<int> HandleAsync(WebhookRequest request, CancellationToken cancellationToken)
    {
        if (!pace.Allows(request.Sender))
        {
            return StatusCodes.Status429TooManyRequests;
        }

        using var patience = new CancellationTokenSource(Patience, time.Provider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ReceiveAsync(request, both.Token);
        }
        catch (Exception trouble) when (trouble is DbException or TimeoutException || (trouble is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.LogWarning("A delivery could not be kept: {Trouble}", trouble.GetType().Name);
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    private async Task<int> ReceiveAsync(WebhookRequest request, CancellationToken cancellationToken)
    {
        if (await request.Body.ReadAsync(cancellationToken) is not { } body)
        {
            if (pace.TakeSigned(request.Sender))
            {
                log.LogCritical("An address that has sent deliveries of Calendly's sends one of more than {Bytes} bytes; it is refused", DeliveryBody.MostBytes);
            }

            return Refuse(request, DeliveryCounts.TooLarge, StatusCodes.Status413PayloadTooLarge);
        }

        var header = request.Signature.Count == 1 ? request.Signature[0] : null;
        if (validator.Problem(new SignatureHeader(header)) is not null
            || WebhookSignature.Read(header) is not { } signature
            || signature.KeyOf(body.Span, keys) is not { } keyNumber)
        {
            return Refuse(request, DeliveryCounts.Forged, StatusCodes.Status401Unauthorized);
        }

        pace.Signed(request.Sender);
        var envelope = WebhookEnvelope.Read(body);
        if (envelope is not null && envelopes.Problem(envelope) is not null)
        {
            envelope = null;
        }

        var isStale = (clock.GetUtcNow() - signature.At).Duration() > WebhookSignature.Tolerance;
        var delivery = new ReceivedDelivery(
            Convert.ToHexStringLower(SHA256.HashData(body.Span)), signature.At, isStale, keyNumber, envelope, envelope is null ? null : Strict.GetString(body.Span));
        Count(delivery, await inbox.ReceiveAsync(delivery, cancellationToken));
        return StatusCodes.Status200OK;
    }

    private int Refuse(WebhookRequest request, string result, int status)
    {
        pace.Refused(request.Sender);
        counts.Add(result);
        return status;
    }

    private void Count(ReceivedDelivery delivery, bool isNew)
    {
        counts.Signed(delivery.KeyNumber);
        var result = !isNew ? DeliveryCounts.Duplicate
            : delivery.Envelope is not ({ IsOfInvitee: true } or { IsOfEventType: true }) ? DeliveryCounts.Ignored
            : delivery.IsStale ? DeliveryCounts.Stale
            : DeliveryCounts.Accepted;
        counts.Add(result, delivery.Envelope?.KnownEvent ?? "other");
        if (isNew && delivery.Envelope is null)
        {
            log.LogCritical("Calendly has sent a delivery that cannot be read; it is kept as dead");
        }
    }
}
