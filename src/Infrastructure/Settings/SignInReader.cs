using System.Text;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity.Providers;
using Microsoft.AspNetCore.WebUtilities;

namespace CalendlySlices.Infrastructure.Settings;

/// <summary>Reads who says who people are. Mock mode needs and takes none of these variables.</summary>
internal sealed class SignInReader(IConfiguration configuration, List<string> problems)
{
    // As they stand in the providers' own instructions.
    private static readonly string[] Samples =
    [
        "your_clerk_publishable_key", "your_publishable_key", "pk_test_your_key", "your_anon_key", "your-anon-key", "your_supabase_anon_key",
        "https://your_frontend_api_url", "https://your-frontend-api.clerk.accounts.dev", "https://clerk.your-domain.com",
        "https://your-project.supabase.co", "https://your-project-ref.supabase.co", "https://xyzcompany.supabase.co", "changeme",
    ];

    // Stands in for what cannot be used; it is never called, since a problem stops the start.
    private static readonly Uri Nowhere = new("https://nowhere.invalid");

    public SignInProvider Read(CalendlyMode mode)
    {
        if (mode.IsMock)
        {
            return new PersonaSignIn();
        }

        switch (configuration["AUTH_PROVIDER"])
        {
            case null or "" or "calendly":
                return new CalendlySignIn();
            case "clerk":
                return ReadClerk();
            case "supabase":
                return new SupabaseSignIn(Host("SUPABASE_URL"), ReadAnonKey());
            default:
                problems.Add("AUTH_PROVIDER must be calendly, clerk, supabase or absent.");
                return new CalendlySignIn();
        }
    }

    private ClerkSignIn ReadClerk()
    {
        var issuer = Host("CLERK_ISSUER");
        var listed = Required("CLERK_AUTHORIZED_PARTIES");
        var parties = listed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (listed.Length > 0 && (parties.Length == 0 || parties.Any(party => OriginOf(party) != party)))
        {
            problems.Add("CLERK_AUTHORIZED_PARTIES must list origins as browsers send them, such as https://coaching.example, separated by commas (http only on loopback).");
        }

        var key = Required("CLERK_PUBLISHABLE_KEY");
        if (key.Length > 0 && InstanceOf(key) is var instance && instance != issuer.Authority)
        {
            problems.Add(instance is null
                ? "CLERK_PUBLISHABLE_KEY must begin with pk_live_ or pk_test_, as Clerk's dashboard shows it."
                : "CLERK_PUBLISHABLE_KEY is of another instance than CLERK_ISSUER.");
        }

        return new ClerkSignIn(issuer, parties, key);
    }

    private string ReadAnonKey()
    {
        var key = Required("SUPABASE_ANON_KEY");
        if (key.Any(letter => letter is <= ' ' or > '~'))
        {
            problems.Add("SUPABASE_ANON_KEY has characters that no key has.");
        }

        // It would open the whole project to whoever reads our requests.
        if (key.StartsWith("sb_secret_", StringComparison.Ordinal) || RoleOf(key) == "service_role")
        {
            problems.Add("SUPABASE_ANON_KEY holds the project's secret key. Use the one called anon or publishable.");
        }

        return key;
    }

    private Uri Host(string name)
    {
        var text = Required(name);
        if (text.Length == 0)
        {
            return Nowhere;
        }

        if (OriginOf(text.TrimEnd('/')) is { } origin && string.Equals(origin, text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        {
            return new Uri(origin);
        }

        problems.Add($"{name} must be an https address without a path (http only on loopback).");
        return Nowhere;
    }

    private string Required(string name)
    {
        var value = configuration[name]?.Trim() ?? string.Empty;
        if (value.Length == 0)
        {
            problems.Add($"{name} is missing; it is needed when AUTH_PROVIDER is {configuration["AUTH_PROVIDER"]}.");
        }
        else if (Samples.Contains(value.TrimEnd('/'), StringComparer.OrdinalIgnoreCase))
        {
            problems.Add($"{name} still holds a sample value.");
        }

        return value;
    }

    // Null for what is no address, or could be overheard.
    private static string? OriginOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? CalendlyOptions.Origin(url)
            : null;

    /// <summary>The host that a publishable key stands for: base64 of it, closed by a dollar sign.</summary>
    private static string? InstanceOf(string key)
    {
        if (!key.StartsWith("pk_live_", StringComparison.Ordinal) && !key.StartsWith("pk_test_", StringComparison.Ordinal))
        {
            return null;
        }

        var encoded = key["pk_live_".Length..];
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(encoded.PadRight((encoded.Length + 3) / 4 * 4, '='), bytes, out var length)
            && Encoding.ASCII.GetString(bytes, 0, length) is { Length: > 1 } host && host.EndsWith('$') ? host[..^1] : null;
    }

    // Older keys are tokens themselves.
    private static string? RoleOf(string key)
    {
        try
        {
            return key.Split('.') is [_, var payload, _] ? JsonSerializer.Deserialize<JsonElement>(WebEncoders.Base64UrlDecode(payload)).Text("role") : null;
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return null;
        }
    }
}
