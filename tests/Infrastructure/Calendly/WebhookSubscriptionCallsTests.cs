using System.Net;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Models;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

public sealed class WebhookSubscriptionCallsTests : IDisposable
{
    private const string Create = "POST /webhook_subscriptions";
    private const string Delete = "DELETE /webhook_subscriptions/c0ffee00";
    private const string One =
        """{"uri": "https://api.calendly.com/webhook_subscriptions/c0ffee00", "callback_url": "https://hooks.example/calendly", "created_at": "2026-11-20T09:00:00.000000Z", "updated_at": "2026-11-20T09:00:00.000000Z", "retry_started_at": "2026-11-21T09:00:00.000000Z", "state": "disabled", "events": ["invitee.created"], "scope": "user", "organization": "https://api.calendly.com/organizations/O", "user": "https://api.calendly.com/users/U", "group": null, "creator": null}""";

    private static readonly WebhookSubscriptionRequest Request =
        new("https://hooks.example/calendly", ["invitee.created"], "https://api.calendly.com/organizations/O", "https://api.calendly.com/users/U");

    private readonly CalendlyClientRig _rig = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_uris_and_the_scope_are_sent_and_what_comes_back_is_read()
    {
        _rig.Wire.On(Create, Answers.Json($$$"""{"resource": {{{One}}}}""", HttpStatusCode.Created));
        _rig.Wire.On("GET /webhook_subscriptions", Answers.Json($$$"""{"collection": [{{{One}}}], "pagination": {"count": 1, "next_page_token": null, "previous_page_token": null}}"""));

        Assert.True((await _rig.Api.CreateWebhookSubscriptionAsync(Request, Cancel)).Succeeded(out var made, out _));
        Assert.True((await _rig.Api.ListWebhookSubscriptionsAsync(new("https://api.calendly.com/organizations/O", "https://api.calendly.com/users/U"), Cancel)).Succeeded(out var page, out _));

        Assert.Equal(("c0ffee00", false, new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero)), (made.Id, made.IsActive, made.RetryStartedAt!.Value));
        Assert.Equal(made.Uri, Assert.Single(page.Collection).Uri);
        Assert.Equal(
            """{"url":"https://hooks.example/calendly","events":["invitee.created"],"organization":"https://api.calendly.com/organizations/O","user":"https://api.calendly.com/users/U","scope":"user"}""",
            _rig.Wire.Sent[0].Body);
        Assert.Contains("scope=user", _rig.Wire.Sent[1].Address.Query, StringComparison.Ordinal);
        Assert.Contains("organization=https", _rig.Wire.Sent[1].Address.Query, StringComparison.Ordinal);
        Assert.Contains("user=https", _rig.Wire.Sent[1].Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_told_already_is_a_failure_of_its_own_and_a_lost_answer_is_not_asked_for_twice()
    {
        _rig.Wire.On(Create, Answers.Status(HttpStatusCode.Conflict), Answers.Throws(new HttpRequestException(HttpRequestError.ResponseEnded)));

        Assert.False((await _rig.Api.CreateWebhookSubscriptionAsync(Request, Cancel)).Succeeded(out _, out var taken));
        Assert.False((await _rig.Api.CreateWebhookSubscriptionAsync(Request, Cancel)).Succeeded(out _, out var lost));

        Assert.True(CalendlyFailures.IsTaken(taken));
        Assert.False(taken.IsOutage);
        Assert.Equal((FailureCode.CalendlyUnavailable, false), (lost.Code, CalendlyFailures.IsTaken(lost)));
        Assert.Equal(2, _rig.Wire.Sent.Count);
    }

    [Fact]
    public async Task Deleted_is_deleted_whether_it_was_there_or_not()
    {
        _rig.Wire.On(Delete, Answers.Status(HttpStatusCode.NoContent), Answers.Status(HttpStatusCode.NotFound), Answers.Status(HttpStatusCode.Forbidden));

        Assert.True((await _rig.Api.DeleteWebhookSubscriptionAsync("c0ffee00", Cancel)).Succeeded(out _, out _));
        Assert.True((await _rig.Api.DeleteWebhookSubscriptionAsync("c0ffee00", Cancel)).Succeeded(out _, out _));
        Assert.False((await _rig.Api.DeleteWebhookSubscriptionAsync("c0ffee00", Cancel)).Succeeded(out _, out var kept));
        Assert.Equal(FailureCode.CalendlyForbidden, kept.Code);
    }

    public void Dispose() => _rig.Dispose();
}
