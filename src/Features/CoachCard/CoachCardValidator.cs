using System.Text.RegularExpressions;
using CalendlySlices.Infrastructure.Calendly;
using FluentValidation;

namespace CalendlySlices.Features.CoachCard;

internal sealed partial class CoachCardValidator : AbstractValidator<CoachCardCommand>
{
    public const int MaxNameLength = 80;
    public const int MaxEmailLength = 254;
    public const int MaxAboutLength = 200;

    /// <summary>Of tags, and of languages: what a card has room for.</summary>
    public const int MaxWords = 6;
    public const int MaxWordLength = 24;

    // More than anybody has, and few enough to look at.
    private const int MaxEventTypes = 100;

    public CoachCardValidator()
    {
        RuleFor(command => command.Name).NotEmpty().WithErrorCode("required").WithMessage("Write the name that realtors know you by.");
        RuleFor(command => command.Name).MaximumLength(MaxNameLength).WithMessage($"Use at most {MaxNameLength} characters.");
        RuleFor(command => command.Email).MaximumLength(MaxEmailLength).Must(text => text.Length == 0 || Email().IsMatch(text))
            .WithErrorCode("email").WithMessage("That is not an email address. Write it like ana@example.com, or leave it out.");
        RuleFor(command => command.Tags).Must((command, _) => AreShort(command.TagList)).WithErrorCode("words").WithMessage(Few("tags"));
        RuleFor(command => command.Languages).Must((command, _) => AreShort(command.LanguageList)).WithErrorCode("words").WithMessage(Few("languages"));
        RuleFor(command => command.About).MaximumLength(MaxAboutLength).WithMessage($"Use at most {MaxAboutLength} characters.");
        RuleFor(command => command.EventTypes).Must(ids => ids.Count <= MaxEventTypes && ids.All(CalendlyUri.IsWellFormedId))
            .WithErrorCode("id").WithMessage("That is not an event type.");
    }

    private static bool AreShort(IReadOnlyList<string> words) => words.Count <= MaxWords && words.All(word => word.Length <= MaxWordLength);

    private static string Few(string what) => $"Use at most {MaxWords} {what} of at most {MaxWordLength} characters, with commas between them.";

    // Nothing that would mean something in a link.
    [GeneratedRegex("""\A[^\s@?&<>"',;:%#]+@[^\s@?&<>"',;:%#]+\z""")]
    private static partial Regex Email();
}
