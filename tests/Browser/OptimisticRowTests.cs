using System.Text;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>The row changes before Calendly has answered, and goes back, with the reason, when the answer is no.</summary>
[Collection(typeof(OneAtATime))]
public sealed class OptimisticRowTests(Browsers browsers)
{
    private const string Typed = "I have to be elsewhere.";

    [Fact]
    public async Task The_row_is_struck_before_calendly_answers_and_a_second_click_sends_nothing()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        var form = await visit.OpenCancelAsync(row);
        Delay(visit);

        await visit.TestId("cancel-confirm").DblClickAsync();

        await Expect(row).ToHaveAttributeAsync("data-state", "canceling");
        await Expect(row).ToContainTextAsync("Canceling…");
        await Expect(row.Locator(".n b")).ToHaveCSSAsync("text-decoration-line", "line-through");
        await Expect(form).ToBeHiddenAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "active");
        await LetCalendlyAnswerAsync(visit);
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        Assert.Single(visit.Cancellations());
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task A_session_that_began_meanwhile_gives_the_row_back_with_the_reason_and_the_text()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("later-today");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync(Typed);
        visit.App.Clock.Advance(TimeSpan.FromMinutes(94));

        await visit.TestId("cancel-confirm").ClickAsync();

        var refused = row.GetByTestId("cancel-refused");
        await Expect(refused).ToContainTextAsync("Not canceled: it started 4 min");
        await Expect(refused).ToContainTextAsync(Typed);
        await AssertBackAsync(row);
        Assert.Empty(visit.Cancellations());
        await refused.GetByTestId("cancel-keep").ClickAsync();
        await Expect(row).ToContainTextAsync("In progress");
        await Expect(row.GetByTestId("cancel-refused")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_session_that_somebody_canceled_meanwhile_is_shown_as_done_with_who_and_when()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync(Typed);
        await CancelElsewhereAsync(visit, "tomorrow-nine");

        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(row).ToContainTextAsync("Already canceled by you on Mon 2 Mar, 10:00");
        Assert.Single(visit.Cancellations());
    }

    [Fact]
    public async Task A_refusal_by_calendly_gives_the_row_back_with_the_reason_and_the_text()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync(Typed);
        visit.Break("/scheduled_events/", 403, "POST");

        await visit.TestId("cancel-confirm").ClickAsync();

        var refused = row.GetByTestId("cancel-refused");
        await Expect(refused).ToContainTextAsync("Calendly");
        await Expect(refused).ToContainTextAsync(Typed);
        await AssertBackAsync(row);
        Assert.True(await refused.EvaluateAsync<bool>("refused => refused.closest('.row').contains(document.activeElement)"));
    }

    [Fact]
    public async Task A_permission_withdrawn_meanwhile_says_how_to_get_it_back()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("olu", $"/sessions/{EmulatedIds.Session("olu", "tomorrow")}/cancellation");

        var refused = visit.TestId("cancel-refused");
        await Expect(refused).ToContainTextAsync("Reconnect and tick Manage scheduled events.");
        await refused.GetByRole(AriaRole.Link, new() { Name = "Reconnect" }).ClickAsync();
        await Expect(visit.TestId("connection-card")).ToHaveAttributeAsync("data-state", "limited");
    }

    [Fact]
    public async Task A_calendly_that_asks_to_wait_leaves_the_form_open_with_the_text()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync(Typed);
        visit.App.Emulator.Faults.Add(new Fault("/scheduled_events/", FaultKind.Status) { Method = "POST", Status = 429, RetryAfter = TimeSpan.FromSeconds(42) });

        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row.GetByRole(AriaRole.Alert)).ToContainTextAsync("Calendly asked us to wait 42 s. Nothing was sent; your text is kept.");
        await Expect(row.GetByTestId("cancel-reason")).ToHaveValueAsync(Typed);
        await Expect(row.GetByTestId("cancel-reason")).ToBeFocusedAsync();
        await AssertBackAsync(row);
        await row.GetByTestId("cancel-confirm").ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
    }

    [Fact]
    public async Task A_reason_over_the_limit_stays_in_the_box_with_the_counter_in_red()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        var form = await visit.OpenCancelAsync(row);
        var text = new string('x', 1001);

        await visit.TestId("cancel-reason").FillAsync(text);
        await Expect(form.Locator("output")).ToHaveTextAsync("1,001 of 1,000");
        await Expect(form.Locator("output")).ToHaveClassAsync("count over");
        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row.GetByRole(AriaRole.Alert)).ToContainTextAsync("The reason has 1,001 characters; 1,000 is the most.");
        await Expect(row.GetByTestId("cancel-reason")).ToHaveValueAsync(text);
        await Expect(row.GetByTestId("cancel-reason")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(row.GetByTestId("cancel-reason")).ToBeFocusedAsync();
        await AssertBackAsync(row);
        Assert.Empty(visit.Cancellations());
    }

    [Fact]
    public async Task A_lost_network_gives_the_row_back_with_the_text_and_says_so()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync(Typed);
        await visit.Context.SetOfflineAsync(true);

        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(visit.TestId("toast")).ToContainTextAsync("Could not reach us. Retry.");
        await AssertBackAsync(row);
        await Expect(row.GetByTestId("cancel-reason")).ToHaveValueAsync(Typed);
        await visit.Context.SetOfflineAsync(false);
        await visit.TestId("toast").GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        Assert.Single(visit.Cancellations());
    }

    [Fact]
    public async Task An_outcome_that_nobody_knows_is_not_called_canceled()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);

        // The look before the post succeeds; the post and every look after it fail.
        visit.App.Emulator.Faults.Add(new Fault("/scheduled_events/", FaultKind.Drop) { Method = "POST" });
        visit.App.Emulator.Faults.Add(new Fault($"/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}", FaultKind.Delay) { Method = "GET" });
        visit.Break($"/scheduled_events/{EmulatedIds.Session("ana", "tomorrow-nine")}", 503, "GET");
        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row).ToHaveAttributeAsync("data-state", "checking");
        await Expect(row).ToContainTextAsync("We are checking whether Calendly canceled it.");
        await Expect(row).ToContainTextAsync("Not yet confirmed");
        visit.App.Emulator.Faults.Clear();
        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        Assert.Single(visit.Cancellations());
    }

    private static void Delay(Visit visit) => visit.App.Emulator.Faults.Add(
        new Fault("/scheduled_events/", FaultKind.Delay) { Method = "POST", Delay = TimeSpan.FromSeconds(3) });

    // The delay runs on the emulator's clock, which stands still until it is moved.
    private static async Task LetCalendlyAnswerAsync(Visit visit)
    {
        while (visit.Cancellations().Count == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            visit.App.Clock.Advance(TimeSpan.FromSeconds(1));
            await visit.Page.EvaluateAsync("new Promise(requestAnimationFrame)");
        }
    }

    private static async Task AssertBackAsync(ILocator row)
    {
        await Expect(row).ToHaveAttributeAsync("data-state", "ready");
        await Expect(row).ToHaveAttributeAsync("data-status", "active");
        await Expect(row.Locator(".n b")).ToHaveCSSAsync("text-decoration-line", "none");
        await Expect(row.Locator(".state")).ToHaveTextAsync("Upcoming");
    }

    private static async Task CancelElsewhereAsync(Visit visit, string key)
    {
        var answer = await visit.App.Emulator.HandleAsync(
            new EmulatorCall("POST", $"/scheduled_events/{EmulatedIds.Session("ana", key)}/cancellation")
            {
                Authorization = $"Bearer {visit.App.Emulator.Grant("ana").AccessToken.Reveal()}",
                ContentType = "application/json",
                Body = Encoding.UTF8.GetBytes("""{"reason":"On my phone"}"""),
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(201, answer.Status);
    }
}
