using System.Globalization;
using FluentValidation;

namespace CalendlySlices.Features.Live;

/// <summary>The number after which to tell, as the page wrote it and as the browser says it has got to; the second wins.</summary>
internal sealed record LiveQuery(string? Since, string? LastEventId)
{
    /// <summary>Of a valid query; without a number, the beginning.</summary>
    public long After => long.TryParse(string.IsNullOrEmpty(LastEventId) ? Since : LastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

internal sealed class LiveValidator : AbstractValidator<LiveQuery>
{
    public LiveValidator()
    {
        RuleFor(query => query.Since).Must(BeANumber).WithErrorCode("number").WithMessage("That is not the number of a change.");
        RuleFor(query => query.LastEventId).Must(BeANumber).WithErrorCode("number").WithMessage("That is not the number of a change.");
    }

    private static bool BeANumber(string? text) =>
        string.IsNullOrEmpty(text) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
