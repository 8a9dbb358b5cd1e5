using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace CalendlySlices.Tests.Infrastructure.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private const string GoodKey = "2026a:q0Zr5cJb0mVtqg3YI0f2l8bW1hZk7E5c9uXo4pS6dGs=";

    private readonly string _data = Directory.CreateTempSubdirectory("calendly-slices-").FullName;

    [Fact]
    public void Mock_mode_needs_nothing_else()
    {
        var settings = Read("Development", ("USE_REAL_CALENDLY", "false"));

        Assert.True(settings.Mode.IsMock);
        Assert.EndsWith("calendly-slices-mock.db", settings.DatabasePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_mode_with_everything_it_needs_starts()
    {
        var settings = Read("Production", Real());

        Assert.True(settings.Mode.IsReal);
        Assert.True(settings.SecureCookies);
        Assert.Equal("https://auth.calendly.com", settings.AuthorizationOrigin);
        Assert.EndsWith("calendly-slices.db", settings.DatabasePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Admins_are_names_separated_by_commas()
    {
        var settings = Read("Development", ("USE_REAL_CALENDLY", "false"), ("ADMINS", "https://api.calendly.com/users/ABC, user_2abc,"));

        Assert.Equal(["https://api.calendly.com/users/ABC", "user_2abc"], settings.Admins);
    }

    [Theory]
    [InlineData("Production", null, 5)]
    [InlineData("Development", null, 0)]
    [InlineData("Production", "0", 0)]
    [InlineData("Development", "60", 60)]
    public void A_stop_waits_for_a_balancer_only_where_there_may_be_one(string environment, string? value, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(environment, [.. Real(), ("DRAIN_SECONDS", value)]).BalancerWait);

    public static TheoryData<string, string, string?, string> Refused => new()
    {
        { "Development", "USE_REAL_CALENDLY", null, "USE_REAL_CALENDLY" },
        { "Development", "USE_REAL_CALENDLY", "yes", "USE_REAL_CALENDLY" },
        { "Development", "USE_REAL_CALENDLY", "True", "USE_REAL_CALENDLY" },
        { "Production", "USE_REAL_CALENDLY", "false", "ALLOW_MOCK_IN_PRODUCTION" },
        { "Production", "CALENDLY_CLIENT_ID", null, "CALENDLY_CLIENT_ID" },
        { "Production", "CALENDLY_CLIENT_ID", "your_client_id", "CALENDLY_CLIENT_ID" },
        { "Production", "CALENDLY_CLIENT_SECRET", null, "CALENDLY_CLIENT_SECRET" },
        { "Production", "CALENDLY_CLIENT_SECRET", "your_client_secret", "CALENDLY_CLIENT_SECRET" },
        { "Production", "CALENDLY_WEBHOOK_SIGNING_KEY", "your_webhook_key", "CALENDLY_WEBHOOK_SIGNING_KEY" },
        { "Production", "CALENDLY_WEBHOOK_SIGNING_KEY", null, "CALENDLY_WEBHOOK_SIGNING_KEY" },
        { "Production", "CALENDLY_WEBHOOK_SIGNING_KEY", "a-key-of-ours, your_webhook_key", "CALENDLY_WEBHOOK_SIGNING_KEY" },
        { "Production", "CALENDLY_WEBHOOK_SIGNING_KEY", ",", "CALENDLY_WEBHOOK_SIGNING_KEY" },
        { "Production", "CALENDLY_WEBHOOK_SIGNING_KEY", "mock-signing-key", "CALENDLY_WEBHOOK_SIGNING_KEY" },
        { "Production", "CALENDLY_API_BASE_URL", "nowhere", "CALENDLY_API_BASE_URL" },
        { "Production", "CALENDLY_API_BASE_URL", "https://evil.example", "CALENDLY_API_BASE_URL" },
        { "Production", "CALENDLY_AUTH_BASE_URL", "http://calendly.example", "CALENDLY_AUTH_BASE_URL" },
        { "Production", "CALENDLY_AUTH_BASE_URL", "https://user:word@127.0.0.1", "CALENDLY_AUTH_BASE_URL" },
        { "Production", "TOKEN_KEYS", null, "TOKEN_KEYS" },
        { "Production", "TOKEN_KEYS", "2026a:AAAA", "TOKEN_KEYS" },
        { "Production", "TOKEN_KEYS_FILE", "/nowhere/at/all", "TOKEN_KEYS_FILE" },
        { "Production", "PUBLIC_BASE_URL", null, "PUBLIC_BASE_URL" },
        { "Production", "PUBLIC_BASE_URL", "http://slices.example", "PUBLIC_BASE_URL" },
        { "Production", "PUBLIC_BASE_URL", "https://slices.example/path", "PUBLIC_BASE_URL" },
        { "Production", "SUPABASE_DB_URL", "postgresql://app:marker@db.example:5432/slices?sslmode=require", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "postgresql://app:marker@db.example:6543/slices", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "Host=db.example;Port=6543;Password=marker", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "postgresql://app:marker@db.example/slices?pgbouncer=true", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "postgresql://app:marker@db.example/slices?sslmode=sometimes", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "Hosts=marker", "SUPABASE_DB_URL" },
        { "Development", "SUPABASE_DB_URL", "postgres://", "SUPABASE_DB_URL" },
        { "Production", "AUTH_PROVIDER", "magic", "AUTH_PROVIDER" },
        { "Production", "DRAIN_SECONDS", "61", "DRAIN_SECONDS" },
        { "Production", "DRAIN_SECONDS", "-1", "DRAIN_SECONDS" },
        { "Development", "DRAIN_SECONDS", "5 seconds", "DRAIN_SECONDS" },
        { "Production", "ADMINS", "user_1 user_2", "ADMINS" },
        { "Production", "MOCK_NOW", "2026-03-02T15:00:00Z", "MOCK_NOW" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_setting_that_cannot_be_used_is_named_and_never_shown(string environment, string name, string? value, string named)
    {
        var settings = Real().Where(setting => setting.Name != name && !(name == "TOKEN_KEYS_FILE" && setting.Name == "TOKEN_KEYS"));
        var refused = Assert.Throws<SettingsException>(() => Read(environment, [.. settings, (name, value)]));

        Assert.Contains(refused.Problems, problem => problem.StartsWith(named, StringComparison.Ordinal) || problem.Contains(named, StringComparison.Ordinal));
        if (value is { Length: > 8 })
        {
            Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, string, string?> RefusedByProvider => new()
    {
        { "clerk", "CLERK_ISSUER", null },
        { "clerk", "CLERK_ISSUER", "clerk.slices.example" },
        { "clerk", "CLERK_ISSUER", "http://clerk.slices.example" },
        { "clerk", "CLERK_ISSUER", "https://clerk.slices.example/path" },
        { "clerk", "CLERK_ISSUER", "https://user@clerk.slices.example" },
        { "clerk", "CLERK_ISSUER", "https://clerk.your-domain.com" },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", null },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", "slices.example" },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", "https://slices.example/" },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", "http://slices.example" },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", "https://slices.example, *" },
        { "clerk", "CLERK_AUTHORIZED_PARTIES", " , " },
        { "clerk", "CLERK_PUBLISHABLE_KEY", null },
        { "clerk", "CLERK_PUBLISHABLE_KEY", "sk_live_Y2xlcmsuc2xpY2VzLmV4YW1wbGUk" },
        { "clerk", "CLERK_PUBLISHABLE_KEY", "pk_live_Y2xlcmsub3RoZXIuZXhhbXBsZSQ" },
        { "clerk", "CLERK_PUBLISHABLE_KEY", "pk_live_????" },
        { "supabase", "SUPABASE_URL", null },
        { "supabase", "SUPABASE_URL", "http://project.slices.example" },
        { "supabase", "SUPABASE_URL", "https://project.slices.example/auth/v1" },
        { "supabase", "SUPABASE_URL", "https://your-project.supabase.co" },
        { "supabase", "SUPABASE_ANON_KEY", null },
        { "supabase", "SUPABASE_ANON_KEY", "your_anon_key" },
        { "supabase", "SUPABASE_ANON_KEY", "a key with blanks" },
        { "supabase", "SUPABASE_ANON_KEY", "sb_secret_0123456789" },
        { "supabase", "SUPABASE_ANON_KEY", "e30.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.AAAA" },
    };

    [Theory]
    [MemberData(nameof(RefusedByProvider))]
    public void What_a_provider_cannot_do_with_is_named_and_never_shown(string provider, string name, string? value)
    {
        var settings = ByProvider(provider).Where(setting => setting.Name != name);
        var refused = Assert.Throws<SettingsException>(() => Read("Production", [.. settings, (name, value)]));

        Assert.StartsWith(name, refused.Problems[0], StringComparison.Ordinal);
        if (value is { Length: > 8 })
        {
            Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_provider_starts_with_everything_it_needs()
    {
        var clerk = Assert.IsType<ClerkSignIn>(Read("Production", ByProvider("clerk")).SignIn);
        var supabase = Assert.IsType<SupabaseSignIn>(Read("Production", ByProvider("supabase")).SignIn);

        Assert.Equal("https://clerk.slices.example", clerk.Issuer);
        Assert.Equal(["https://slices.example", "http://localhost:5080"], clerk.AuthorizedParties);
        Assert.Equal("https://clerk.slices.example/.well-known/jwks.json", clerk.KeysAddress.AbsoluteUri);
        Assert.Equal("https://project.slices.example/auth/v1", supabase.Issuer);
        Assert.Equal("https://project.slices.example/auth/v1/.well-known/jwks.json", supabase.KeysAddress.AbsoluteUri);
        Assert.IsType<CalendlySignIn>(Read("Production", Real()).SignIn);
    }

    [Fact]
    public void Mock_mode_offers_personas_whatever_provider_is_named() =>
        Assert.IsType<PersonaSignIn>(Read("Development", ("USE_REAL_CALENDLY", "false"), ("AUTH_PROVIDER", "clerk")).SignIn);

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var refused = Assert.Throws<SettingsException>(() => Read("Production", ("USE_REAL_CALENDLY", "true")));

        Assert.Equal(5, refused.Problems.Count);
    }

    [Fact]
    public void Mock_mode_in_production_starts_when_it_is_asked_for_twice() =>
        Assert.True(Read("Production", ("USE_REAL_CALENDLY", "false"), ("ALLOW_MOCK_IN_PRODUCTION", "yes")).Mode.IsMock);

    [Fact]
    public void A_host_that_is_listed_may_stand_in_for_calendly()
    {
        (string, string?)[] settings = [.. Real(), ("CALENDLY_API_BASE_URL", "https://calendly.proxy.example"), ("CALENDLY_ALLOWED_HOSTS", "calendly.proxy.example")];

        Assert.Equal("calendly.proxy.example", Read("Production", settings).Calendly.ApiBaseUrl.Host);
    }

    [Fact]
    public void A_developers_machine_gets_a_key_that_only_its_owner_can_read()
    {
        Read("Development", [.. Real().Where(setting => setting.Name != "TOKEN_KEYS")]);

        var file = Path.Combine(_data, "token-keys");
        Assert.True(File.Exists(file));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Deliveries_may_be_signed_with_several_keys_while_one_is_changed()
    {
        var keys = Read("Production", [.. Real().Where(setting => setting.Name != "CALENDLY_WEBHOOK_SIGNING_KEY"), ("CALENDLY_WEBHOOK_SIGNING_KEY", "the-new-one, the-old-one")]).WebhookKeys;

        Assert.Equal(["the-new-one", "the-old-one"], keys.All.Select(key => key.Reveal()));
        Assert.DoesNotContain("the-", $"{keys} {string.Join(' ', keys.All)}", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static (string Name, string? Value)[] Real() =>
    [
        ("USE_REAL_CALENDLY", "true"),
        ("CALENDLY_CLIENT_ID", "an-id"),
        ("CALENDLY_CLIENT_SECRET", "a-secret-of-ours"),
        ("CALENDLY_WEBHOOK_SIGNING_KEY", "a-key-of-ours"),
        ("TOKEN_KEYS", GoodKey),
        ("PUBLIC_BASE_URL", "https://slices.example"),
    ];

    private static (string Name, string? Value)[] ByProvider(string provider) =>
    [
        .. Real(),
        ("AUTH_PROVIDER", provider),
        ("CLERK_ISSUER", "https://clerk.slices.example/"),
        ("CLERK_AUTHORIZED_PARTIES", "https://slices.example, http://localhost:5080"),
        ("CLERK_PUBLISHABLE_KEY", "pk_live_Y2xlcmsuc2xpY2VzLmV4YW1wbGUk"),
        ("SUPABASE_URL", "https://project.slices.example"),
        ("SUPABASE_ANON_KEY", "sb_publishable_0123456789"),
    ];

    private AppSettings Read(string environment, params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("DATA_DIR", _data)).Select(setting => KeyValuePair.Create(setting.Item1, setting.Item2)))
            .Build();
        return new SettingsReader(configuration, new Environment(environment, _data)).Read();
    }

    private sealed class Environment(string name, string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "CalendlySlices";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
