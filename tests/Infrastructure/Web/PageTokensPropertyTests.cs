using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Web;
using CalendlySlices.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Tests.Infrastructure.Web;

/// <summary>What holds for page tokens whatever they carry and whoever they are for.</summary>
public sealed class PageTokensPropertyTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    // With a letter that no token has, and those that readers of base64 like to pass over.
    private const string Strange = "=+/ \n\0é";

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(200);
    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(50);

    private readonly FakeClock _clock = new();
    private readonly PageTokens _tokens;

    public PageTokensPropertyTests() => _tokens = new PageTokens(new EphemeralDataProtectionProvider(), _clock);

    [Fact]
    public void What_went_in_comes_out() => Prop.ForAll(Pages(), page =>
        Unwrap(page, Wrap(page)).Succeeded(out var payload, out _) && payload == page.Payload).Check(Many);

    [Fact]
    public void A_token_with_any_one_letter_changed_is_refused() => Prop.ForAll(Pages(), page =>
    {
        var token = Wrap(page);
        return Enumerable.Range(0, token.Length).All(place => Others(token[place], place).All(letter =>
            IsRefused(Unwrap(page, $"{token[..place]}{letter}{token[(place + 1)..]}"))));
    }).Check(Few);

    [Fact]
    public void A_token_that_is_cut_or_grown_is_refused() => Prop.ForAll(Pages(), page =>
    {
        var token = Wrap(page);
        return Enumerable.Range(0, token.Length).All(length => IsRefused(Unwrap(page, token[..length])))
            && $"{Alphabet}{Strange}".All(letter => IsRefused(Unwrap(page, token + letter)) && IsRefused(Unwrap(page, letter + token)));
    }).Check(Few);

    [Fact]
    public void Another_list_another_person_or_other_filters_are_refused() => Prop.ForAll(Pages(), Pages(), (page, other) =>
    {
        var token = Wrap(page);
        return (page.List == other.List || IsRefused(Unwrap(page with { List = other.List }, token)))
            && (page.UserId == other.UserId || IsRefused(Unwrap(page with { UserId = other.UserId }, token)))
            && (page.Filters == other.Filters || IsRefused(Unwrap(page with { Filters = other.Filters }, token)));
    }).Check(Many);

    [Fact]
    public void A_boundary_between_list_and_filters_cannot_be_moved() => Prop.ForAll(Pages(), page =>
        page.List.Length == 0 || IsRefused(Unwrap(page with { List = page.List[..^1], Filters = page.List[^1] + page.Filters }, Wrap(page)))).Check(Many);

    [Fact]
    public void A_token_lives_for_a_day_and_not_longer()
    {
        var page = new Page("events/scheduled", 1, "active||20", "pgt_2");
        var token = Wrap(page);

        _clock.Advance(PageTokens.Life - TimeSpan.FromTicks(1));
        Assert.True(Unwrap(page, token).Succeeded(out _, out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(IsRefused(Unwrap(page, token)));
    }

    [Fact]
    public void Another_key_ring_opens_nothing() => Prop.ForAll(Pages(), page =>
        IsRefused(new PageTokens(new EphemeralDataProtectionProvider(), _clock).Unwrap(page.List, page.UserId, page.Filters, Wrap(page)))).Check(Few);

    private string Wrap(Page page) => _tokens.Wrap(page.List, page.UserId, page.Filters, page.Payload);

    private Result<string> Unwrap(Page page, string token) => _tokens.Unwrap(page.List, page.UserId, page.Filters, token);

    private static bool IsRefused(Result<string> result) => !result.Succeeded(out _, out var failure) && failure.Code == FailureCode.PageTokenInvalid;

    // The neighbors in the alphabet differ in the last bits, which a careless reader drops.
    private static IEnumerable<char> Others(char letter, int place)
    {
        var at = Alphabet.IndexOf(letter, StringComparison.Ordinal);
        return new[] { at ^ 1, at ^ 2, at ^ 3, at ^ 32, (at + place) % Alphabet.Length }
            .Select(other => Alphabet[other])
            .Append(Strange[place % Strange.Length])
            .Where(other => other != letter);
    }

    private static Arbitrary<Page> Pages() => (
        from list in Gen.Elements("events/scheduled", "events/types", "sessions", "a", string.Empty)
        from userId in Gen.Choose(0, 5)
        from filters in Text()
        from payload in Text()
        select new Page(list, userId, filters, payload)).ToArbitrary();

    // Whole code points, which is what text from outside consists of.
    private static Gen<string> Text() => ArbMap.Default.GeneratorFor<int>().Select(number => char.ConvertFromUtf32(Math.Abs(number % 0xD7FF))).ListOf().Select(string.Concat);

    private sealed record Page(string List, long UserId, string Filters, string Payload);
}
