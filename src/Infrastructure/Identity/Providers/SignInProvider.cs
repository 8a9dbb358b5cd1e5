using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace CalendlySlices.Infrastructure.Identity.Providers;

/// <summary>What a person can do on the sign-in page.</summary>
internal enum SignInWay
{
    Persona,
    Calendly,
    Clerk,
    Password,
}

/// <summary>Who says who people are: what the sign-in page offers, and how requests are told apart. One for the process,
/// chosen by <c>AUTH_PROVIDER</c>.</summary>
internal abstract record SignInProvider
{
    /// <summary>What is offered; the page shows the first.</summary>
    public abstract IReadOnlyList<SignInWay> Ways { get; }

    /// <summary>The authentication scheme that knows who is behind a request.</summary>
    public virtual string Scheme => CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Where a round trip to Calendly goes that comes back to a browser in which nobody is signed in any more.</summary>
    public virtual string ResumePath => "/sign-in";

    /// <summary>The one foreign host whose script the sign-in page loads; null for none.</summary>
    public virtual Uri? ScriptHost => null;

    /// <summary>True when only the provider's own script can end a session: then the answer to a sign-out is the sign-in
    /// page, which runs it.</summary>
    public virtual bool EndsInBrowser => false;

    /// <summary>True where a token says who is signed in that runs out before the session does, and only loading a page brings
    /// another.</summary>
    public virtual bool RenewsByPage => false;

    /// <summary>Adds the scheme and what it needs.</summary>
    public virtual void AddTo(AuthenticationBuilder authentication)
    {
    }

    /// <summary>Takes back what this browser holds for us; our own session is ended by others.</summary>
    public virtual void Forget(HttpResponse response)
    {
    }
}

/// <summary>Mock mode: personas, and the emulator's consent page.</summary>
internal sealed record PersonaSignIn : SignInProvider
{
    public override IReadOnlyList<SignInWay> Ways => [SignInWay.Persona, SignInWay.Calendly];
}

/// <summary>A person's Calendly account is the key.</summary>
internal sealed record CalendlySignIn : SignInProvider
{
    public override IReadOnlyList<SignInWay> Ways => [SignInWay.Calendly];
}
