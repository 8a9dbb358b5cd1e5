using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Features.SignIn;

/// <param name="As">A persona's key.</param>
internal sealed record SignInCommand(string? As);

internal sealed record SignedIn(CurrentUser User, string Zone);

internal sealed class SignInHandler(People people)
{
    public async Task<SignedIn> HandleAsync(SignInCommand command, CancellationToken cancellationToken)
    {
        var persona = Personas.Find(command.As) ?? throw new ArgumentException("The validator lets only personas through.", nameof(command));
        var id = await people.FindOrAddAsync(persona.UserId, cancellationToken);
        return new SignedIn(new CurrentUser(id, persona.Name, persona.Role), persona.Zone);
    }
}
