using System.Text;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Identity;

public sealed class SigningKeysTests
{
    private static readonly TokenForge Old = TokenForge.Rsa("old");
    private static readonly TokenForge New = TokenForge.Rsa("new");

    private static readonly Dictionary<string, Func<HttpContext, Task>> Outages = new()
    {
        ["an error"] = context => Answer(context, 503, "down"),
        ["a redirect"] = context => Redirect(context),
        ["no JSON"] = context => Answer(context, 200, "<html>"),
        ["no keys"] = context => Answer(context, 200, """{"keys":[]}"""),
        ["keys without names"] = context => Answer(context, 200, """{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"""),
        ["more than 64 KiB"] = context => Answer(context, 200, $$"""{"keys":[],"more":"{{new string('x', 70_000)}}"}"""),
        ["no answer"] = context => { context.Abort(); return Task.CompletedTask; },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fifty_requests_at_once_read_the_keys_once()
    {
        await using var rig = await Rig.StartAsync(Old);

        var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => rig.HasAsync("old")));

        Assert.All(found, Assert.True);
        Assert.Equal(1, rig.Host.KeyReads);
    }

    [Fact]
    public async Task Keys_are_read_again_after_an_hour_and_not_before()
    {
        await using var rig = await Rig.StartAsync(Old);
        Assert.True(await rig.HasAsync("old"));

        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await rig.HasAsync("old"));
        Assert.Equal(1, rig.Host.KeyReads);

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await rig.HasAsync("old"));
        Assert.Equal(2, rig.Host.KeyReads);
    }

    [Fact]
    public async Task An_unknown_name_reads_again_at_most_once_in_half_a_minute()
    {
        await using var rig = await Rig.StartAsync(Old);
        Assert.True(await rig.HasAsync("old"));
        rig.Clock.Advance(TimeSpan.FromSeconds(31));

        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Assert.False(await rig.HasAsync(name));
        }

        Assert.Equal(2, rig.Host.KeyReads);
        rig.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(await rig.HasAsync("e"));
        Assert.Equal(2, rig.Host.KeyReads);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await rig.HasAsync("f"));
        Assert.Equal(3, rig.Host.KeyReads);
    }

    [Fact]
    public async Task A_new_key_is_found_and_one_that_is_gone_is_not()
    {
        await using var rig = await Rig.StartAsync(Old);
        Assert.True(await rig.HasAsync("old"));
        rig.Host.Published = [New];
        rig.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.True(await rig.HasAsync("new"));
        Assert.False(await rig.HasAsync("old"));
        Assert.Equal(2, rig.Host.KeyReads);
    }

    public static TheoryData<string> OutageNames => [.. Outages.Keys];

    [Theory]
    [MemberData(nameof(OutageNames))]
    public async Task While_the_keys_cannot_be_read_the_last_ones_serve_for_a_day(string outage)
    {
        await using var rig = await Rig.StartAsync(Old);
        Assert.True(await rig.HasAsync("old"));
        rig.Host.KeysAnswer = Outages[outage];

        rig.Clock.Advance(TimeSpan.FromHours(23.9));
        Assert.True(await rig.HasAsync("old"));
        Assert.Equal(2, rig.Host.KeyReads);

        rig.Clock.Advance(TimeSpan.FromHours(0.1));
        Assert.False(await rig.HasAsync("old"));
    }

    [Fact]
    public async Task After_an_outage_keys_are_read_again()
    {
        await using var rig = await Rig.StartAsync(Old);
        rig.Host.KeysAnswer = context => Answer(context, 500, string.Empty);
        Assert.False(await rig.HasAsync("old"));

        rig.Host.KeysAnswer = null;
        Assert.False(await rig.HasAsync("old"));
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await rig.HasAsync("old"));
    }

    [Fact]
    public async Task Keys_that_are_too_small_or_for_something_else_are_no_keys()
    {
        await using var rig = await Rig.StartAsync(Old);
        rig.Host.KeysAnswer = context => context.Response.WriteAsJsonAsync(new
        {
            keys = new object[]
            {
                TokenForge.Rsa("small", bits: 1024).PublicKey,
                new { kty = "RSA", kid = "sealing", use = "enc", n = "AQAB", e = "AQAB" },
                new { kty = "oct", kid = "shared", k = "c2VjcmV0" },
                Old.PublicKey,
            },
        });

        Assert.True(await rig.HasAsync("old"));
        Assert.False(await rig.HasAsync("small"));
        Assert.False(await rig.HasAsync("sealing"));
        Assert.False(await rig.HasAsync("shared"));
    }

    [Fact]
    public async Task Whoever_leaves_does_not_end_the_reading_for_the_others()
    {
        await using var rig = await Rig.StartAsync(Old);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Host.KeysAnswer = async context =>
        {
            asked.TrySetResult();
            await gate.Task;
            await context.Response.WriteAsJsonAsync(new { keys = new[] { Old.PublicKey } }, CancellationToken.None);
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var first = rig.Keys.FindAsync("old", leaving.Token);
        await asked.Task;
        var second = rig.HasAsync("old");
        await leaving.CancelAsync();
        gate.SetResult();

        Assert.True(await second);
        Assert.NotNull(await first);
        Assert.Equal(1, rig.Host.KeyReads);
    }

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
    }

    // To the very same keys.
    private static Task Redirect(HttpContext context)
    {
        context.Response.Redirect("/auth/v1/.well-known/jwks.json", permanent: false);
        return Task.CompletedTask;
    }

    private sealed class Rig : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        private Rig(ProviderHost host)
        {
            Host = host;
            _services = ClerkRig.Tokens(new ClerkSignIn(new Uri(host.Address), [], "pk_test_"), Clock);
        }

        public ProviderHost Host { get; }

        public FakeClock Clock { get; } = new();

        public SigningKeys Keys => _services.GetRequiredService<SigningKeys>();

        public static async Task<Rig> StartAsync(params TokenForge[] published) => new(await ProviderHost.StartAsync(published));

        public async Task<bool> HasAsync(string name) => await Keys.FindAsync(name, Cancel) is not null;

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await Host.DisposeAsync();
        }
    }
}
