using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Instances;

/// <summary>What has to be the same whichever instance answers, and whichever of them is there.</summary>
[Collection(typeof(OnTwoInstances))]
public sealed class TwoInstancesTests(TwoInstances two, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_signs_in_on_one_acts_on_the_other_and_signs_out_on_both()
    {
        using var browser = two.Browser();
        var (one, other) = (two.Instance(1), two.Instance(2));
        await two.ConnectAsync(browser, "ana", form: one, back: other);

        // The page of one, its form to the other.
        var cancellation = $"/sessions/{EmulatedIds.Session("ana", "guests")}/cancellation";
        var token = await TwoInstances.TokenAsync(browser, new Uri(one, "/preferences/theme"));
        using var canceled = await browser.PostAsync(
            new Uri(other, cancellation), TwoInstances.Form(("reason", "On the other instance"), ("__RequestVerificationToken", token)), Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, canceled.StatusCode);
        var row = await browser.GetStringAsync(new Uri(one, $"/sessions/{EmulatedIds.Session("ana", "guests")}/row"), Cancel);
        Assert.Contains("data-status=\"canceled\"", row, StringComparison.Ordinal);

        using var left = await browser.PostAsync(
            new Uri(one, "/sign-out"), TwoInstances.Form(("__RequestVerificationToken", await TwoInstances.TokenAsync(browser, new Uri(other, "/preferences/theme")))), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var refused = await browser.GetAsync(new Uri(other, "/sessions"), Cancel);
        Assert.StartsWith("/sign-in", refused.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coach_connects_over_nginx_and_finds_the_sessions_whoever_answers()
    {
        using var browser = two.Browser();
        await two.ConnectAsync(browser, "priya", form: two.Address, back: two.Address);

        for (var request = 0; request < 4; request++)
        {
            using var page = await browser.GetAsync("/sessions", Cancel);
            Assert.Equal((HttpStatusCode.OK, "real"), (page.StatusCode, page.Header("X-Calendly-Mode")));
            Assert.Contains("data-testid=\"session-row\"", await page.TextAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_answer_under_way_is_given_before_the_process_ends()
    {
        using var browser = two.Browser();
        await two.ConnectAsync(browser, "mei", form: two.Address, back: two.Address);
        using var hooks = two.Hooks();
        using var slow = await hooks.PostAsJsonAsync("/test/faults", new { endpoint = "/event_types", kind = "delay", times = 1, delayMs = 3000 }, Cancel);
        slow.EnsureSuccessStatusCode();

        // Longer under way than the wait for a balancer, which is one second here.
        var asked = browser.GetAsync(new Uri(two.Instance(1), "/event-types"), Cancel);
        await two.RestartAsync(1);

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Both_are_restarted_in_turn_and_nobody_notices()
    {
        var before = new[] { two.ProcessId(1), two.ProcessId(2) };
        await using var load = SteadyLoad.Start(two.Address, Proofs.RequestsPerSecond, await RequestsAsync("olu", writes: true));
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < Proofs.Rounds; round++)
        {
            await two.RestartAsync(1);
            await two.RestartAsync(2);
        }

        var (sent, failed) = await load.EndAsync();
        output.WriteLine($"{sent} requests in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s, {failed.Count} failed");
        Assert.Empty(failed);
        Assert.True(sent > Proofs.RequestsPerSecond, $"Only {sent} requests were made.");
        Assert.All(before, process => Assert.False(TwoInstances.IsAlive(process)));
        Assert.True(TwoInstances.IsAlive(two.ProcessId(1)) && TwoInstances.IsAlive(two.ProcessId(2)));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_process_that_has_only_just_begun_is_not_taken_for_one_that_has_ended()
    {
        // For a while it shows nothing of its environment, as every process does for a moment until its program runs.
        var programs = Directory.CreateTempSubdirectory("calendly-slices-setsid-").FullName;
        var setsid = Path.Combine(programs, "setsid");
        await File.WriteAllTextAsync(
            setsid,
            """
            #!/usr/bin/env bash
            mapfile -d '' -t environment </proc/$$/environ
            exec env -i bash -c 'sleep 1; exec env "$@"' later "${environment[@]}" /usr/bin/setsid "$@"

            """,
            Cancel);
        File.SetUnixFileMode(setsid, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var before = two.ProcessId(2);

        await two.RestartAsync(2, programs);

        Directory.Delete(programs, recursive: true);
        Assert.NotEqual(before, two.ProcessId(2));
        Assert.True(TwoInstances.IsAlive(two.ProcessId(2)));
    }

    [Fact]
    public async Task One_is_killed_and_the_other_answers_everybody_who_reads()
    {
        await using var load = SteadyLoad.Start(two.Address, Proofs.RequestsPerSecond, await RequestsAsync("tom", writes: false));
        for (var round = 0; round < Proofs.Rounds; round++)
        {
            var killed = two.ProcessId(2);
            await two.KillAsync(2);
            Assert.False(TwoInstances.IsAlive(killed));
            await two.RestartAsync(2);
        }

        var (sent, failed) = await load.EndAsync();
        output.WriteLine($"{sent} requests, {failed.Count} failed");
        Assert.Empty(failed);
        Assert.True(sent > Proofs.RequestsPerSecond, $"Only {sent} requests were made.");
    }

    [Fact]
    public async Task Without_their_database_both_stay_up_and_are_not_ready_and_with_it_they_go_on()
    {
        var cookies = new CookieContainer();
        using var browser = two.Browser(cookies);
        await two.ConnectAsync(browser, "ana", form: two.Address, back: two.Address);
        var before = new[] { two.ProcessId(1), two.ProcessId(2) };
        await two.StopDatabaseAsync();
        var stopped = Stopwatch.GetTimestamp();
        try
        {
            foreach (var number in new[] { 1, 2 })
            {
                await two.UntilAsync(number, "/health/ready", HttpStatusCode.ServiceUnavailable);
                await two.UntilAsync(number, "/health/live", HttpStatusCode.OK);
            }

            using var page = await browser.GetAsync("/sessions", Cancel);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (page.StatusCode, page.Header("Retry-After")));
            if (Proofs.DatabaseOutage - Stopwatch.GetElapsedTime(stopped) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, TimeProvider.System, Cancel);
            }
        }
        finally
        {
            await two.StartDatabaseAsync();
        }

        var back = Stopwatch.GetTimestamp();
        await two.UntilAsync(1, "/health/ready", HttpStatusCode.OK);
        await two.UntilAsync(2, "/health/ready", HttpStatusCode.OK);
        output.WriteLine($"ready {Stopwatch.GetElapsedTime(back).TotalSeconds:F1} s after the database");
        Assert.Equal((before[0], before[1]), (two.ProcessId(1), two.ProcessId(2)));
        Assert.All(before, process => Assert.True(TwoInstances.IsAlive(process)));
        using var again = await browser.GetAsync("/sessions", Cancel);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    // Pages of somebody signed in, and, where asked for, every fourth a form that is sent.
    private async Task<Func<int, HttpRequestMessage>> RequestsAsync(string account, bool writes)
    {
        var cookies = new CookieContainer();
        using var browser = two.Browser(cookies);
        await two.ConnectAsync(browser, account, form: two.Address, back: two.Address);
        var token = await TwoInstances.TokenAsync(browser, new Uri(two.Address, "/preferences/theme"));
        var cookie = cookies.GetCookieHeader(two.Address);
        return number =>
        {
            var isWrite = writes && number % 4 == 3;
            var request = new HttpRequestMessage(isWrite ? HttpMethod.Post : HttpMethod.Get, isWrite || number % 2 == 0 ? "/preferences/theme" : "/connection")
            {
                Content = isWrite ? TwoInstances.Form(("theme", "dark"), ("__RequestVerificationToken", token)) : null,
            };
            request.Headers.Add("Cookie", cookie);
            return request;
        };
    }
}
