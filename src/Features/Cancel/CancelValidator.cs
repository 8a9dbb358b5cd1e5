using System.Globalization;
using System.Text;
using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.Cancel;

/// <param name="Uuid">The last segment of the event's URI.</param>
internal sealed record CancelCommand(string? Uuid, string? Reason)
{
    /// <summary>The reason as it is sent: trimmed, without control characters other than tabs and line ends; null when
    /// nothing is left.</summary>
    public string? CleanReason { get; } = Clean(Reason);

    private static string? Clean(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            return null;
        }

        var clean = new StringBuilder(reason.Length);
        foreach (var letter in reason.ReplaceLineEndings("\n"))
        {
            if (letter is '\n' or '\t' || !char.IsControl(letter))
            {
                clean.Append(letter);
            }
        }

        return clean.ToString().Trim() is { Length: > 0 } text ? text : null;
    }
}

internal sealed class CancelValidator : AbstractValidator<CancelCommand>
{
    /// <summary>Characters. Calendly takes about ten times as many; nobody reads them.</summary>
    public const int MaxReasonLength = 1_000;

    public CancelValidator()
    {
        RuleFor(command => command.Uuid).Must(CalendlyUri.IsWellFormedId).WithErrorCode("format").WithMessage("That is not a session.");
        RuleFor(command => command.Reason)
            .Must((command, _) => command.CleanReason is null or { Length: <= MaxReasonLength })
            .WithErrorCode("maxLength")
            .WithMessage(command => string.Create(
                CultureInfo.InvariantCulture,
                $"The reason has {command.CleanReason!.Length:N0} characters; {MaxReasonLength:N0} is the most."));
    }
}
