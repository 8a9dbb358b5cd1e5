using CalendlySlices.Features.ScheduledEvents;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;
using NodaTime;

namespace CalendlySlices.Tests.Features.ScheduledEvents;

public class ScheduledEventsValidatorTests
{
    private static readonly ReaderZone NewYork = new(DateTimeZoneProviders.Tzdb["America/New_York"]);

    private readonly ScheduledEventsValidator _page = new();
    private readonly EventsInputValidator _json = new();

    [Theory]
    [InlineData("tab", "soon")]
    [InlineData("range", "year")]
    [InlineData("sort", "random")]
    [InlineData("from", "2026-02-30")]
    [InlineData("from", "10.03.2026")]
    [InlineData("to", "tomorrow")]
    [InlineData("to", "9999-12-31")]
    [InlineData("from", "0001-01-01")]
    public void A_word_or_day_that_is_none_is_named(string field, string value)
    {
        var input = field switch
        {
            "tab" => new SessionsInput(Tab: value),
            "range" => new SessionsInput(Range: value),
            "sort" => new SessionsInput(Sort: value),
            "from" => new SessionsInput(From: value),
            _ => new SessionsInput(To: value),
        };

        Assert.Equal(field, Assert.Single(_page.Problem(input)!.Fields).Field);
    }

    [Fact]
    public void Days_in_the_wrong_order_are_a_problem_of_both()
    {
        var problem = _page.Problem(new SessionsInput(From: "2026-03-11", To: "2026-03-10"));

        Assert.Equal(["from", "to"], problem!.Fields.Select(field => field.Field));
        Assert.Null(_page.Problem(new SessionsInput(From: "2026-03-10", To: "2026-03-10")));
    }

    [Fact]
    public void Empty_fields_of_a_form_are_no_problem() =>
        Assert.Null(_page.Problem(new SessionsInput(string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty)));

    [Theory]
    [InlineData("count", "0")]
    [InlineData("count", "101")]
    [InlineData("count", "-1")]
    [InlineData("count", "ten")]
    [InlineData("count", "1e1")]
    [InlineData("status", "cancelled")]
    [InlineData("status", "Active")]
    [InlineData("minStartTime", "2026-02-30")]
    [InlineData("minStartTime", "2026-03-10T25:00:00Z")]
    [InlineData("maxStartTime", "yesterday")]
    [InlineData("maxStartTime", "9999-12-31T23:59:59Z")]
    public void The_json_route_names_the_parameter(string field, string value)
    {
        var input = new EventsInput(
            field == "count" ? value : null,
            null,
            field == "status" ? value : null,
            field == "minStartTime" ? value : null,
            field == "maxStartTime" ? value : null,
            NewYork);

        Assert.Equal(field, Assert.Single(_json.Problem(input)!.Fields).Field);
    }

    [Fact]
    public void A_minimum_after_the_maximum_is_a_problem_of_both_even_across_offsets()
    {
        var input = new EventsInput(null, null, null, "2026-03-10T09:00:00", "2026-03-10T12:59:59Z", NewYork);

        Assert.Equal(["minStartTime", "maxStartTime"], _json.Problem(input)!.Fields.Select(field => field.Field));
    }

    [Theory]
    [InlineData("2026-03-10T13:00:00Z", "2026-03-10T13:00:00Z")]
    [InlineData("2026-03-10T14:00:00.5+01:00", "2026-03-10T13:00:00.5Z")]
    [InlineData("2026-03-10T09:00:00", "2026-03-10T13:00:00Z")]
    [InlineData("2026-03-10", "2026-03-10T04:00:00Z")]
    public void A_time_without_a_zone_is_read_in_the_readers(string typed, string instant) => Assert.Equal(
        DateTimeOffset.Parse(instant, null),
        new EventsInput(null, null, null, typed, null, NewYork).Min);

    [Fact]
    public void A_day_as_the_maximum_is_meant_to_its_end() =>
        Assert.Equal(DateTimeOffset.Parse("2026-03-11T03:59:59Z", null), new EventsInput(null, null, null, null, "2026-03-10", NewYork).Max);

    [Fact]
    public void Nothing_at_all_asks_for_twenty()
    {
        var input = new EventsInput(null, null, null, null, null, NewYork);

        Assert.Null(_json.Problem(input));
        Assert.Equal(20, input.ToQuery().Count);
    }
}
