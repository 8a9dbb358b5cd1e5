using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What an app asks for when it sends a browser to the consent page. Its addresses have been checked.</summary>
internal sealed record AuthorizationRequest(string ClientId, string RedirectUri, string CodeChallenge, IReadOnlyList<string> Scopes, string? State)
{
    /// <summary>Where a form on the consent page leads in the end: the scheme, host and port of <see cref="RedirectUri"/>.</summary>
    public string RedirectOrigin => new Uri(RedirectUri).GetLeftPart(UriPartial.Authority);

    /// <summary>Reads a query, or the same fields from the consent form. The problem is a sentence for a person.</summary>
    /// <remarks>A wrong request is never sent back to its redirect address: it might be anybody's.</remarks>
    public static bool TryRead(FormFields fields, [NotNullWhen(true)] out AuthorizationRequest? request, out string problem)
    {
        request = null;
        problem = Problem(fields);
        if (problem.Length > 0)
        {
            return false;
        }

        request = new AuthorizationRequest(
            fields.One("client_id")!, fields.One("redirect_uri")!, fields.One("code_challenge")!, ScopesOf(fields), fields.One("state"));
        return true;
    }

    public string Redirect(string name, string value)
    {
        var address = new UriBuilder(RedirectUri);
        var added = $"{name}={Uri.EscapeDataString(value)}{(State is null ? string.Empty : $"&state={Uri.EscapeDataString(State)}")}";
        address.Query = address.Query.Length > 1 ? $"{address.Query[1..]}&{added}" : added;
        return address.Uri.AbsoluteUri;
    }

    private static string Problem(FormFields fields)
    {
        if (fields.One("client_id") is null)
        {
            return "The app did not say who it is (client_id).";
        }

        if (!IsAllowedRedirect(fields.One("redirect_uri")))
        {
            return "The address to return to (redirect_uri) must be a full https address, or http on this machine.";
        }

        if (fields.One("response_type") != "code")
        {
            return "The app must ask for a code (response_type=code).";
        }

        if (fields.One("code_challenge_method") != "S256" || fields.One("code_challenge") is not { Length: 43 } challenge || !Base64Url.IsValid(challenge))
        {
            return "The app must send a PKCE challenge of method S256 (code_challenge, code_challenge_method).";
        }

        var scopes = ScopesOf(fields);
        if (scopes.Count == 0)
        {
            return "The app asked for no permission (scope).";
        }

        return scopes.FirstOrDefault(scope => !CalendlyScopes.IsKnown(scope)) is { } unknown
            ? $"The app asked for a permission that does not exist (scope {unknown})."
            : string.Empty;
    }

    private static IReadOnlyList<string> ScopesOf(FormFields fields) =>
        [.. (fields.One("scope") ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static bool IsAllowedRedirect(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.UserInfo.Length == 0
        && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
