using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Infrastructure.Settings;

/// <summary>Everything that can be configured, read once and checked before anything is served.</summary>
/// <param name="DataDirectory">This machine's own folder: the SQLite file, and the journal of new pairs.</param>
/// <param name="DatabasePath">The SQLite file; real and mock data never share one.</param>
/// <param name="PostgreSql">A connection string in Npgsql's form; null for SQLite.</param>
/// <param name="PublicBaseUrl">The address people and Calendly reach us at; null when it is the one we listen on.</param>
/// <param name="SecureCookies">True when every page is reached by https, so that cookies may carry the <c>__Host-</c> prefix.</param>
/// <param name="MockNow">Where the emulator's clock stands still; null lets it run.</param>
internal sealed record AppSettings(
    CalendlyMode Mode,
    CalendlyOptions Calendly,
    SignInProvider SignIn,
    TokenKeys TokenKeys,
    string DataDirectory,
    string DatabasePath,
    Secret? PostgreSql,
    Uri? PublicBaseUrl,
    bool SecureCookies,
    DateTimeOffset? MockNow)
{
    /// <summary>What Calendly signs its deliveries with.</summary>
    public WebhookKeys WebhookKeys { get; init; } = new([new Secret(WebhookKeys.Mock)]);

    /// <summary>Who signs in as an admin, by the names of the <c>User</c> table.</summary>
    public IReadOnlyList<string> Admins { get; init; } = [];

    /// <summary>How long, told to stop, to go on answering until a balancer has noticed.</summary>
    public TimeSpan BalancerWait { get; init; }

    /// <summary>The origin that a form on our pages may lead to: Calendly's consent page.</summary>
    public string AuthorizationOrigin => Calendly.AuthBaseUrl.GetLeftPart(UriPartial.Authority);
}
