namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Where Calendly is and who we are to it. The addresses may have a path; what is called lies below them.</summary>
internal sealed record CalendlyOptions
{
    private readonly Uri _apiBaseUrl = new("https://api.calendly.com/");
    private readonly Uri _authBaseUrl = new("https://auth.calendly.com/");

    public Uri ApiBaseUrl
    {
        get => _apiBaseUrl;
        init => _apiBaseUrl = AsFolder(value);
    }

    public Uri AuthBaseUrl
    {
        get => _authBaseUrl;
        init => _authBaseUrl = AsFolder(value);
    }

    public required string ClientId { get; init; }

    public required Secret ClientSecret { get; init; }

    /// <summary>The only hosts that the client ever talks to, each as scheme, name and port.</summary>
    public IReadOnlyList<string> AllowedHosts => [Origin(ApiBaseUrl), Origin(AuthBaseUrl)];

    public static string Origin(Uri address) => address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    // A relative address replaces the last segment of a base without a closing slash.
    private static Uri AsFolder(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
