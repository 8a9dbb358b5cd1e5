using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Infrastructure.Settings;

/// <summary>Reads the environment into <see cref="AppSettings"/>, collecting every problem instead of stopping at the first.</summary>
internal sealed class SettingsReader(IConfiguration configuration, IHostEnvironment environment)
{
    private static readonly string[] Samples = ["your_client_id", "your_client_secret", "your_webhook_key", "changeme", "secret"];

    private const int LongestBalancerWait = 60;

    private readonly List<string> _problems = [];

    /// <exception cref="SettingsException">Something is missing or wrong.</exception>
    public AppSettings Read()
    {
        var mode = ReadMode();
        var calendly = mode.IsReal ? ReadRealCalendly() : new CalendlyOptions { ClientId = EmulatorOptions.MockClientId, ClientSecret = new Secret(EmulatorOptions.MockClientSecret) };
        var webhookKeys = mode.IsReal ? ReadWebhookKeys(calendly.ApiBaseUrl) : [new Secret(WebhookKeys.Mock)];
        var dataDirectory = Path.GetFullPath(configuration["DATA_DIR"] ?? "data", environment.ContentRootPath);
        var publicBaseUrl = ReadPublicBaseUrl(mode);
        var postgreSql = ReadPostgreSql();
        var signIn = new SignInReader(configuration, _problems).Read(mode);
        var keys = ReadTokenKeys(mode, dataDirectory);
        var mockNow = ReadMockNow(mode);
        var admins = ReadAdmins();
        var balancerWait = ReadBalancerWait();
        if (_problems.Count > 0)
        {
            throw new SettingsException(_problems);
        }

        Directory.CreateDirectory(dataDirectory);
        return new AppSettings(
            mode,
            calendly,
            signIn,
            keys,
            dataDirectory,
            Path.Combine(dataDirectory, mode.IsReal ? "calendly-slices.db" : "calendly-slices-mock.db"),
            postgreSql,
            publicBaseUrl,
            publicBaseUrl?.Scheme == Uri.UriSchemeHttps,
            mockNow)
        {
            Admins = admins,
            BalancerWait = balancerWait,
            WebhookKeys = new WebhookKeys(webhookKeys),
        };
    }

    private CalendlyMode ReadMode()
    {
        var value = configuration["USE_REAL_CALENDLY"];
        if (value is not ("true" or "false"))
        {
            _problems.Add("USE_REAL_CALENDLY must be true or false, nothing else.");
        }

        var mode = new CalendlyMode(value == "true");
        if (value == "false" && environment.IsProduction() && configuration["ALLOW_MOCK_IN_PRODUCTION"] != "yes")
        {
            _problems.Add("USE_REAL_CALENDLY is false in Production. If mock data is really wanted there, set ALLOW_MOCK_IN_PRODUCTION to yes.");
        }

        return mode;
    }

    private CalendlyOptions ReadRealCalendly()
    {
        var hosts = (configuration["CALENDLY_ALLOWED_HOSTS"] ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new CalendlyOptions
        {
            ApiBaseUrl = BaseUrl("CALENDLY_API_BASE_URL", "https://api.calendly.com", hosts),
            AuthBaseUrl = BaseUrl("CALENDLY_AUTH_BASE_URL", "https://auth.calendly.com", hosts),
            ClientId = Required("CALENDLY_CLIENT_ID"),
            ClientSecret = new Secret(Required("CALENDLY_CLIENT_SECRET")),
        };
    }

    // Several while one is being changed: Calendly may sign with either.
    private List<Secret> ReadWebhookKeys(Uri calendly)
    {
        const string Name = "CALENDLY_WEBHOOK_SIGNING_KEY";
        var keys = Required(Name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length != 1 && !string.IsNullOrWhiteSpace(configuration[Name]) && (keys.Length == 0 || keys.Any(IsSample)))
        {
            _problems.Add($"{Name} still holds a sample value.");
        }

        if (keys.Contains(WebhookKeys.Mock) && !calendly.IsLoopback)
        {
            _problems.Add($"{Name} holds the key of mock mode, which everybody knows.");
        }

        return [.. keys.Select(key => new Secret(key))];
    }

    private static bool IsSample(string value) => Samples.Contains(value, StringComparer.OrdinalIgnoreCase);

    private Uri BaseUrl(string name, string standard, string[] allowedHosts)
    {
        var text = configuration[name] is { Length: > 0 } configured ? configured : standard;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            _problems.Add($"{name} must be an absolute http or https address.");
            return new Uri(standard);
        }

        if (!url.IsLoopback && text != standard && (url.Scheme != Uri.UriSchemeHttps || !allowedHosts.Contains(url.Host, StringComparer.OrdinalIgnoreCase)))
        {
            _problems.Add($"{name} must be Calendly's own address, a loopback one, or an https host listed in CALENDLY_ALLOWED_HOSTS.");
        }

        return url;
    }

    private string Required(string name)
    {
        var value = configuration[name];
        if (string.IsNullOrWhiteSpace(value))
        {
            _problems.Add($"{name} is missing; it is needed when USE_REAL_CALENDLY is true.");
            return string.Empty;
        }

        if (IsSample(value.Trim()))
        {
            _problems.Add($"{name} still holds a sample value.");
        }

        return value.Trim();
    }

    private Uri? ReadPublicBaseUrl(CalendlyMode mode)
    {
        var text = configuration["PUBLIC_BASE_URL"];
        if (string.IsNullOrWhiteSpace(text))
        {
            if (mode.IsReal && environment.IsProduction())
            {
                _problems.Add("PUBLIC_BASE_URL is missing; in Production Calendly returns people to it.");
            }

            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.AbsolutePath != "/" || (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            _problems.Add("PUBLIC_BASE_URL must be an https address without a path (http only on loopback).");
            return null;
        }

        return url;
    }

    private string[] ReadAdmins()
    {
        var names = (configuration["ADMINS"] ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Any(name => name.Any(char.IsWhiteSpace)))
        {
            _problems.Add("ADMINS must be names separated by commas: a Calendly user's URI, or the id that the way of signing in gives.");
        }

        return names;
    }

    private TimeSpan ReadBalancerWait()
    {
        var text = configuration["DRAIN_SECONDS"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return environment.IsDevelopment() ? TimeSpan.Zero : TimeSpan.FromSeconds(5);
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestBalancerWait)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        _problems.Add($"DRAIN_SECONDS must be a whole number from 0 to {LongestBalancerWait}.");
        return TimeSpan.Zero;
    }

    private Secret? ReadPostgreSql()
    {
        var text = configuration["SUPABASE_DB_URL"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (PostgreSqlAddress.TryRead(text.Trim(), environment.IsProduction(), out var connectionString, out var problem))
        {
            return new Secret(connectionString);
        }

        _problems.Add($"SUPABASE_DB_URL {problem}");
        return null;
    }

    private TokenKeys ReadTokenKeys(CalendlyMode mode, string dataDirectory)
    {
        if (mode.IsMock)
        {
            return TokenKeys.Mock;
        }

        var name = "TOKEN_KEYS";
        var text = configuration[name];
        if (string.IsNullOrWhiteSpace(text) && configuration["TOKEN_KEYS_FILE"] is { Length: > 0 } file)
        {
            name = "TOKEN_KEYS_FILE";
            if (!File.Exists(file))
            {
                _problems.Add("TOKEN_KEYS_FILE names a file that is not there.");
                return TokenKeys.Mock;
            }

            text = File.ReadAllText(file);
        }

        if (string.IsNullOrWhiteSpace(text) && environment.IsDevelopment() && _problems.Count == 0)
        {
            text = DevelopmentKey(dataDirectory);
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            _problems.Add("TOKEN_KEYS is missing; write id:base64 with 32 random bytes, for example from: openssl rand -base64 32.");
            return TokenKeys.Mock;
        }

        if (TokenKeys.TryParse(text.Trim(), out var keys, out var problem))
        {
            return keys!;
        }

        _problems.Add($"{name} cannot be used: {problem}.");
        return TokenKeys.Mock;
    }

    // A key made for a developer's machine, kept beside the database that it protects: good enough there and nowhere else.
    private static string DevelopmentKey(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "token-keys");
        if (File.Exists(path))
        {
            return File.ReadAllText(path);
        }

        Directory.CreateDirectory(dataDirectory);
        var text = "dev:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenKeys.KeyBytes));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(path, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
        }

        Console.Error.WriteLine($"Made a key for stored tokens in {path} (development only; set TOKEN_KEYS elsewhere).");
        return text;
    }

    private DateTimeOffset? ReadMockNow(CalendlyMode mode)
    {
        var text = configuration["MOCK_NOW"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (mode.IsReal)
        {
            _problems.Add("MOCK_NOW is set, but USE_REAL_CALENDLY is true. Real time cannot be changed.");
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var now))
        {
            _problems.Add("MOCK_NOW must be an instant, for example 2026-03-02T15:00:00Z.");
        }

        return now;
    }
}
