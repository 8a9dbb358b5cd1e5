using System.Text.RegularExpressions;
using FluentValidation;

namespace CalendlySlices.Features.Coaches;

internal sealed partial class CoachesValidator : AbstractValidator<CoachesInput>
{
    public const int MaxSearchLength = 80;

    // More than anybody ticks, and few enough to read.
    private const int MostCoaches = 50;

    public CoachesValidator()
    {
        RuleFor(input => input.Q).MaximumLength(MaxSearchLength).WithMessage($"Search for at most {MaxSearchLength} characters.");
        RuleFor(input => input.Tag).MaximumLength(MaxSearchLength).WithMessage("That is not one of the tags.");
        RuleFor(input => input.Free).Must(word => word is null or "" or "today" or "week").WithErrorCode("oneOf").WithMessage("Choose today or week, or leave it out.");
        RuleFor(input => input.Sort).Must(word => word is null or "" or "name" or "soonest").WithErrorCode("oneOf").WithMessage("Sort by name or soonest.");
        RuleFor(input => input.Coach).Must(AreSlugs).WithErrorCode("id").WithMessage("That is not a coach.");
        RuleFor(input => input.Round).Must(text => text is null || Round().IsMatch(text)).WithErrorCode("range").WithMessage("That is not a number of ours.");
    }

    /// <summary>True for what can name coaches in an address.</summary>
    public static bool AreSlugs(string[]? slugs) => slugs is null || (slugs.Length <= MostCoaches && slugs.All(IsSlug));

    public static bool IsSlug(string? slug) => slug is not null && Slug().IsMatch(slug);

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z0-9]+)*\z")]
    private static partial Regex Slug();

    [GeneratedRegex(@"\A[0-9]{1,2}\z")]
    private static partial Regex Round();
}
