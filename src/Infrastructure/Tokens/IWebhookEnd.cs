namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>Has Calendly stop telling us, while a pair that is about to end still works.</summary>
internal interface IWebhookEnd
{
    /// <summary>Tries once, for at most a few seconds. Does not throw for anything that Calendly or the database can cause: whatever
    /// comes of it, the pair ends.</summary>
    /// <param name="webhookUri">The subscription that was made with the pair.</param>
    Task TryEndAsync(long userId, string webhookUri, Secret accessToken, CancellationToken cancellationToken);
}
