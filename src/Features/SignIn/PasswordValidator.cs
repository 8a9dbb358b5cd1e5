using FluentValidation;

namespace CalendlySlices.Features.SignIn;

/// <summary>What is worth asking Supabase about; it alone knows what is right.</summary>
internal sealed class PasswordValidator : AbstractValidator<PasswordCommand>
{
    /// <summary>RFC 5321 has no room for more.</summary>
    public const int MaxEmailLength = 254;

    private const int MaxPasswordLength = 1_000;

    public PasswordValidator()
    {
        RuleFor(command => command.Email)
            .Must(email => email.Length <= MaxEmailLength && email.IndexOf('@', StringComparison.Ordinal) is var at && at > 0 && at < email.Length - 1)
            .WithMessage("Enter your e-mail address.");
        RuleFor(command => command.Password)
            .Must(password => password.Reveal().Length is > 0 and <= MaxPasswordLength)
            .WithMessage("Enter your password.");
    }
}
