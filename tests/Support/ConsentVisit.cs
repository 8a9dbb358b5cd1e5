using System.Collections.Specialized;

namespace CalendlySlices.Tests.Support;

/// <summary>The person at the emulator's consent page.</summary>
internal static class ConsentVisit
{
    /// <summary>Says yes as an account, to all scopes or to those named; returns the callback's path and query, not yet opened.</summary>
    public static async Task<string> AllowAsync(DashboardApp app, NameValueCollection authorize, string account, params string[] granted)
    {
        // A browser of its own: Calendly's cookies and ours have nothing to do with each other.
        using var browser = app.CreateClient(new Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var fields = authorize.AllKeys.Select(key => KeyValuePair.Create(key!, authorize[key]!))
            .Append(KeyValuePair.Create("account", account))
            .Append(KeyValuePair.Create("decision", "allow"))
            .Concat((granted.Length > 0 ? granted : authorize["scope"]!.Split(' ')).Select(scope => KeyValuePair.Create("granted", scope)));
        using var answer = await browser.PostAsync("/mock/calendly/oauth/authorize", new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);
        return answer.Headers.Location?.PathAndQuery
            ?? throw new InvalidOperationException($"The consent page answered {(int)answer.StatusCode}.");
    }
}
