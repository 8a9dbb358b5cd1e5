using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Identity.Providers;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.SignIn;

/// <param name="Place">Where the person wanted to go, by name.</param>
/// <param name="Email">What was entered before; a password never comes back.</param>
/// <param name="Failure">What is wrong with which field of the password form.</param>
/// <param name="IsLeaving">The page ends the provider's session first.</param>
internal sealed record SignInPage(
    SignInProvider Provider, string Place, string? Problem, string? Email = null, Infrastructure.Failure? Failure = null, bool IsLeaving = false)
{
    /// <summary>The fragment for what this provider offers.</summary>
    public string Offer => Provider.Ways[0] switch
    {
        SignInWay.Persona => "_Personas",
        SignInWay.Calendly => "_WithCalendly",
        SignInWay.Clerk => "_WithClerk",
        SignInWay.Password => "_WithPassword",
        _ => throw new InvalidOperationException($"Nothing is drawn for {Provider.Ways[0]}."),
    };

    public static Hypermedia<SignInPage> Answer(SignInProvider provider, string? place, string? problem, int statusCode = StatusCodes.Status200OK) =>
        Answer(new SignInPage(provider, ReturnPlace.NameOf(place), problem), statusCode);

    public static Hypermedia<SignInPage> Answer(SignInPage page, int statusCode) => Hypermedia.Of("SignIn/_SignIn", page, statusCode);
}
