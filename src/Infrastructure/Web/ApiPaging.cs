using System.Globalization;
using CalendlySlices.Infrastructure.Calendly.Models;
using FluentValidation;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>
/// What all lists of the JSON routes share: <c>count</c>, <c>pageToken</c> and the answer's <c>pagination</c>.
/// <code>
/// // in the validator, for string? Count and string? PageToken
/// RuleFor(input => input.Count).IsCount("event types");
/// RuleFor(input => input.PageToken).IsPageToken();
///
/// // in the route
/// var pages = tokens.For("events/types", user.Id, input.Filters);
/// if (!pages.TryUnwrap(input.PageToken, out var calendlysToken)) return Api.Fail(new Failure(FailureCode.PageTokenInvalid));
/// … ApiPaging.Rows(input.Count) …
/// response.MarkAge(reading.ReadAt, clock);
/// return Api.Ok(new EventTypesAnswer(items, pages.Wrap(page.Pagination)), …);
/// </code>
/// </summary>
internal static class ApiPaging
{
    public const int DefaultCount = 20;
    public const int MaxCount = 100;

    /// <summary>Characters; far above what we make, far below what an address can hold.</summary>
    public const int MaxPageTokenLength = 4_000;

    public static readonly ApiParameter Count = ApiParameter.Number("count", "Rows in one page.", 1, MaxCount, DefaultCount);

    public static readonly ApiParameter PageToken = ApiParameter.Text(
        "pageToken",
        "Another page of the same list: nextPageToken or previousPageToken of an earlier answer. It works for a day, only for whoever got it, and only with the same filters and count.",
        MaxPageTokenLength);

    /// <summary>Null for what is not a whole number from 1 to <see cref="MaxCount"/>.</summary>
    public static int? Rows(string? count) => string.IsNullOrEmpty(count) ? DefaultCount
        : int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= MaxCount ? rows
        : null;

    /// <param name="things">Plural, for the message.</param>
    public static IRuleBuilderOptions<T, string?> IsCount<T>(this IRuleBuilder<T, string?> rule, string things) =>
        rule.Must(count => Rows(count) is not null).WithErrorCode("range").WithMessage($"Ask for 1 to {MaxCount} {things}.");

    public static IRuleBuilderOptions<T, string?> IsPageToken<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(MaxPageTokenLength).WithErrorCode("maxLength").WithMessage("This is not a page token.");
}

/// <param name="NextPageToken">Null on the last page.</param>
/// <param name="Count">Rows in this page.</param>
internal sealed record ApiPagination(string? NextPageToken, string? PreviousPageToken, int Count);

/// <summary>The page tokens of one list as one person sees it through one set of filters.</summary>
internal sealed class ApiPages(PageTokens tokens, string list, long userId, string filters)
{
    /// <summary>Calendly's token of the page that is asked for, null for the first page. False when the token is not one of
    /// this list's: <see cref="FailureCode.PageTokenInvalid"/>.</summary>
    public bool TryUnwrap(string? token, out string? calendlysToken)
    {
        calendlysToken = null;
        return string.IsNullOrEmpty(token) || tokens.Unwrap(list, userId, filters, token).Succeeded(out calendlysToken, out _);
    }

    public ApiPagination Wrap(Pagination pagination) => new(Wrap(pagination.NextPageToken), Wrap(pagination.PreviousPageToken), pagination.Count);

    private string? Wrap(string? token) => token is null ? null : tokens.Wrap(list, userId, filters, token);
}
