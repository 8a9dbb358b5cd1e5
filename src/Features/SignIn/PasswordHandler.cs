using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity.Providers;

namespace CalendlySlices.Features.SignIn;

internal sealed record PasswordCommand(string Email, Secret Password);

/// <param name="supabase">Only there when passwords are what people sign in with.</param>
internal sealed class PasswordHandler(SupabasePasswords? supabase = null)
{
    public Task<PasswordAnswer> HandleAsync(PasswordCommand command, CancellationToken cancellationToken) =>
        supabase?.SignInAsync(command.Email, command.Password, cancellationToken)
        ?? throw new InvalidOperationException("The route is closed where nobody has a password.");
}
