using CalendlySlices.Infrastructure.Data;
using CalendlySlices.Tests.Support;
using Dapper;

namespace CalendlySlices.Tests.Infrastructure.Data;

/// <summary>Several processes of the application over one new database.</summary>
public sealed class InstancesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_that_start_together_on_an_empty_database_share_one_key_and_take_each_other_s_cookies()
    {
        var address = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        var apps = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => AppProcess.StartAsync(Settings(address))));
        try
        {
            await using var database = PostgreSql.Open(address);
            await using var connection = await database.OpenConnectionAsync(Cancel);
            Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM data_protection_key"));
            foreach (var from in apps)
            {
                using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
                var form = await browser.GetStringAsync(new Uri(from.Address, "/preferences/theme"), Cancel);
                var token = System.Text.RegularExpressions.Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
                foreach (var to in apps)
                {
                    // One host name, as behind a balancer: the cookie goes to whichever answers.
                    using var answer = await browser.PostAsync(new Uri(to.Address, "/preferences/theme"), new FormUrlEncodedContent(new Dictionary<string, string> { ["theme"] = "dark", ["__RequestVerificationToken"] = token }), Cancel);
                    Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
                }
            }
        }
        finally
        {
            foreach (var app in apps)
            {
                await app.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_database_of_the_other_mode_is_refused()
    {
        var address = PostgreSqlCluster.Shared.NewDatabase(migrated: false);
        await using (await AppProcess.StartAsync(Settings(address)))
        {
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => AppProcess.StartAsync(new Dictionary<string, string> { ["USE_REAL_CALENDLY"] = "false", ["SUPABASE_DB_URL"] = address }));
        Assert.Contains("real and mock data never share one", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Settings(string address) => new()
    {
        ["USE_REAL_CALENDLY"] = "true",
        ["CALENDLY_CLIENT_ID"] = "client-of-tests",
        ["CALENDLY_CLIENT_SECRET"] = "secret-of-tests",
        ["CALENDLY_WEBHOOK_SIGNING_KEY"] = "key-of-tests",
        ["CALENDLY_API_BASE_URL"] = "http://127.0.0.1:9/",
        ["CALENDLY_AUTH_BASE_URL"] = "http://127.0.0.1:9/",
        ["TOKEN_KEYS"] = TokenHostProcess.Keys,
        ["SUPABASE_DB_URL"] = address,
    };
}
