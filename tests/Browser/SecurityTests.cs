using CalendlySlices.Infrastructure.Calendly.Emulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalendlySlices.Tests.Browser;

/// <summary>What a browser does with our policy, and with texts that other people wrote.</summary>
[Collection(typeof(OneAtATime))]
public sealed class SecurityTests(Browsers browsers)
{
    [Fact]
    public async Task Every_page_runs_under_its_policy_without_a_single_violation()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.Page.GotoAsync("/sign-in");
        await visit.SettleAsync();
        await visit.GoAsync("ana", "/");
        foreach (var path in (string[])[
            "/sessions", "/sessions?tab=past", "/sessions?tab=canceled", $"/sessions/{EmulatedIds.Session("ana", "guests")}",
            $"/sessions/{EmulatedIds.Session("ana", "guests")}/cancellation", "/connection", "/connection/disconnect", "/status",
            "/preferences/zone", "/preferences/theme", "/nowhere", "/error"])
        {
            await visit.Page.GotoAsync(path);
            await visit.SettleAsync();
        }

        await visit.Page.GotoAsync("/sessions");
        await visit.TestId("zone-picker").Locator("summary").ClickAsync();
        await Expect(visit.Page.Locator("#zone-choice")).ToBeVisibleAsync();
        await visit.OpenCancelAsync(visit.Row("tomorrow-nine"));
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task What_invitees_wrote_is_text_and_runs_nothing()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        page.Dialog += (_, dialog) => Assert.Fail($"A script ran: {dialog.Message}");
        await visit.GoAsync("ana", "/sessions");

        var row = visit.Row("markup");
        await Expect(row).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await Expect(row).ToContainTextAsync("Listing strategy <script>alert(1)</script> & co");
        await Expect(row.Locator("img, script")).ToHaveCountAsync(0);
        var form = await visit.OpenCancelAsync(row);
        await Expect(form).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await visit.TestId("cancel-reason").FillAsync("<img src=x onerror=alert(2)>");
        await Expect(visit.TestId("cancel-preview")).ToContainTextAsync("<img src=x onerror=alert(2)>");
        await Expect(row.Locator("img, script")).ToHaveCountAsync(0);

        await page.GotoAsync($"/sessions/{EmulatedIds.Session("ana", "markup")}");
        await Expect(page.Locator("main img, main script, main a[href^='javascript' i]")).ToHaveCountAsync(0);
        await Expect(page.GetByText("javascript:")).ToBeVisibleAsync();
        await page.GotoAsync($"/sessions/{EmulatedIds.Session("ana", "markup")}/cancellation");
        await Expect(page.Locator("main img, main script")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task The_reason_in_a_toast_and_in_the_struck_row_is_text_too()
    {
        await using var visit = await Visit.StartAsync(browsers);
        visit.Page.Dialog += (_, dialog) => Assert.Fail($"A script ran: {dialog.Message}");
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("markup");
        await visit.OpenCancelAsync(row);

        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(row).ToHaveAttributeAsync("data-status", "canceled");
        await Expect(visit.TestId("toast")).ToContainTextAsync("Canceled. <img");
        await Expect(visit.Page.Locator(".toasts img, .row img, .row script, #live img")).ToHaveCountAsync(0);
        visit.AssertNoComplaints();
    }

    [Fact]
    public async Task Markup_that_got_in_without_the_nonce_makes_no_request()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var asked = new List<string>();
        visit.Page.Request += (_, request) => asked.Add(request.Url);

        await InjectAsync(visit, null);
        await visit.Page.Locator("#injected").ClickAsync();
        await visit.SettleAsync();
        Assert.DoesNotContain(asked, url => url.Contains("injected=1", StringComparison.Ordinal));

        // The same element with the page's nonce works, so the first half did see what it looked for.
        await visit.Page.Locator("#injected").EvaluateAsync("element => element.remove()");
        await InjectAsync(visit, await visit.Page.Locator("[hx-nonce]").First.EvaluateAsync<string>("element => element.getAttribute('hx-nonce') || element.nonce"));
        await visit.Page.RunAndWaitForRequestAsync(
            () => visit.Page.Locator("#injected").ClickAsync(),
            request => request.Url.Contains("injected=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inline_script_and_foreign_addresses_are_stopped_by_the_policy()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");

        var outcome = await visit.Page.EvaluateAsync<string>("""
            async () => {
              const script = document.createElement('script');
              let stopped = '';
              try { script.textContent = 'window.ran = true'; } catch { stopped += 'text '; }
              document.body.append(script);
              try { document.body.insertAdjacentHTML('beforeend', '<p>x</p>'); } catch { stopped += 'html '; }
              try { await fetch('https://hostile.example/'); } catch { stopped += 'fetch '; }
              return stopped + String(window.ran);
            }
            """);

        Assert.Equal("text html fetch undefined", outcome);
    }

    [Fact]
    public async Task After_signing_out_the_way_back_shows_the_sign_in_page()
    {
        await using var visit = await Visit.StartAsync(browsers);
        var page = visit.Page;
        await visit.GoAsync("ana", "/sessions");
        await page.GetByRole(AriaRole.Link, new() { Name = "Past" }).ClickAsync();
        await Expect(visit.Row("earlier-today")).ToBeVisibleAsync();
        await page.Locator("#person-menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");

        await page.GoBackAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Sign in");
        await Expect(visit.TestId("session-row")).ToHaveCountAsync(0);
        Assert.DoesNotContain(await visit.Context.CookiesAsync(), cookie => cookie.Name == "app-mock");
    }

    [Fact]
    public async Task An_old_antiforgery_token_keeps_the_text_and_says_to_reload()
    {
        await using var visit = await Visit.StartAsync(browsers);
        await visit.GoAsync("ana", "/sessions");
        var row = visit.Row("tomorrow-nine");
        await visit.OpenCancelAsync(row);
        await visit.TestId("cancel-reason").FillAsync("Kept");
        await visit.Context.ClearCookiesAsync(new() { Name = "af-mock" });

        await visit.TestId("cancel-confirm").ClickAsync();

        await Expect(visit.TestId("toast")).ToContainTextAsync("This page is old. Reload and try again.");
        await Expect(row.GetByTestId("cancel-reason")).ToHaveValueAsync("Kept");
        await Expect(row).ToHaveAttributeAsync("data-state", "ready");
        Assert.Empty(visit.Cancellations());
    }

    private static async Task InjectAsync(Visit visit, string? nonce) => await visit.Page.EvaluateAsync(
        """
        nonce => {
          const button = document.createElement('button');
          button.id = 'injected';
          button.textContent = 'Injected';
          button.setAttribute('hx-get', '/sessions?injected=1');
          button.setAttribute('hx-target', '#sessions');
          if (nonce) button.setAttribute('hx-nonce', nonce);
          document.querySelector('main').prepend(button);
          htmx.process(button);
        }
        """,
        nonce);
}
