using CalendlySlices.Features.Schedules;
using CalendlySlices.Infrastructure.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NodaTime;
using static CalendlySlices.Tests.Features.Schedules.SampleHours;

namespace CalendlySlices.Tests.Features.Schedules;

public sealed class HoursFormTests
{
    private readonly HoursValidator _validator = new();

    [Theory]
    [InlineData("09:00", "17:00", "09:00–17:00")]
    [InlineData("13:00", "00:00", "13:00–24:00")]
    [InlineData("13:00", "24:00", "13:00–24:00")]
    [InlineData("00:00", "00:00", "00:00–24:00")]
    [InlineData("22:00", "02:00", "22:00 until 02:00 on Wednesday")]
    [InlineData("21:00", "09:00", "21:00 until 09:00 on Wednesday")]
    public void Good_times_mean_what_they_say(string from, string to, string words)
    {
        var form = Form(("tuesday", from, to));

        Assert.Null(_validator.Problem(form));
        Assert.Equal(words, HoursWords.Stretches(form.ToHours(Hours()).Stretches(IsoDayOfWeek.Tuesday), IsoDayOfWeek.Tuesday));
    }

    [Theory]
    [InlineData("", "", "Fill in both times, or remove this line.")]
    [InlineData("09:00", "", "Fill in both times, or remove this line.")]
    [InlineData("9", "17:00", "Write both times like 09:00, from 00:00 to 24:00.")]
    [InlineData("09:00", "24:30", "Write both times like 09:00, from 00:00 to 24:00.")]
    [InlineData("<b>", "17:00", "Write both times like 09:00, from 00:00 to 24:00.")]
    [InlineData("09:03", "17:00", "Calendly takes steps of 5 minutes.")]
    [InlineData("09:00", "17:59", "Calendly takes steps of 5 minutes.")]
    [InlineData("17:00", "09:00", "The start has to be before the end. Past midnight, at most 12 hours are taken.")]
    [InlineData("09:00", "09:00", "The start has to be before the end. Past midnight, at most 12 hours are taken.")]
    public void A_bad_line_gets_its_own_message_and_the_others_none(string from, string to, string message)
    {
        var problem = _validator.Problem(Form(("monday", "09:00", "17:00"), ("tuesday", "08:00", "08:30"), ("tuesday", from, to)));

        var only = Assert.Single(problem!.Fields);
        Assert.Equal(("tuesday-1", message), (only.Field, only.Message));
    }

    [Fact]
    public void Lines_of_one_day_may_touch_but_not_overlap()
    {
        Assert.Null(_validator.Problem(Form(("monday", "09:00", "12:00"), ("monday", "12:00", "17:00"))));
        Assert.Equal(
            "This overlaps 09:00–12:00 on Monday.",
            _validator.Problem(Form(("monday", "09:00", "12:00"), ("monday", "11:00", "17:00"))).MessageFor("monday-1"));
    }

    [Fact]
    public void What_goes_on_past_midnight_may_not_overlap_the_next_day_not_even_from_sunday_to_monday()
    {
        Assert.Equal(
            "This overlaps 22:00 until 02:00 on Wednesday on Tuesday.",
            _validator.Problem(Form(("tuesday", "22:00", "02:00"), ("wednesday", "01:00", "03:00"))).MessageFor("wednesday-0"));
        Assert.Equal(
            "This overlaps 01:00–03:00 on Monday.",
            _validator.Problem(Form(("monday", "01:00", "03:00"), ("sunday", "22:00", "02:00"))).MessageFor("sunday-0"));
    }

    [Fact]
    public void A_week_survives_the_way_through_the_form()
    {
        var hours = Hours("monday 09:00-12:30 13:30-17:00", "tuesday 22:00-24:00", "wednesday 00:00-02:00", "thursday 13:00-24:00", "friday 00:00-24:00", "2026-03-10");

        var form = HoursForm.Of(hours, "v");

        Assert.Equal([new TypedHours("22:00", "02:00")], form[IsoDayOfWeek.Tuesday]);
        Assert.Equal([new TypedHours("13:00", "00:00")], form[IsoDayOfWeek.Thursday]);
        Assert.True(form.ToHours(hours).HasSameWeek(hours));
        Assert.Equal(hours.Dates.Keys, form.ToHours(hours).Dates.Keys);
    }

    [Fact]
    public void A_closed_day_is_opened_with_office_hours_and_an_open_one_with_an_empty_line()
    {
        var form = Form(("monday", "09:00", "12:00")).Add(IsoDayOfWeek.Monday).Add(IsoDayOfWeek.Tuesday);

        Assert.Equal([new TypedHours("09:00", "12:00"), new TypedHours("", "")], form[IsoDayOfWeek.Monday]);
        Assert.Equal([new TypedHours("09:00", "17:00")], form[IsoDayOfWeek.Tuesday]);
    }

    [Fact]
    public void Removing_and_copying_leave_the_rest_as_typed()
    {
        var form = Form(("monday", "09:00", "12:00"), ("monday", "oops", "17:00"), ("friday", "01:00", "02:00"));

        Assert.Equal([new TypedHours("oops", "17:00")], form.Remove(IsoDayOfWeek.Monday, 0)[IsoDayOfWeek.Monday]);
        Assert.Equal(form[IsoDayOfWeek.Monday], form.Remove(IsoDayOfWeek.Monday, 7)[IsoDayOfWeek.Monday]);
        var copied = form.Copy(IsoDayOfWeek.Monday, [IsoDayOfWeek.Tuesday, IsoDayOfWeek.Friday]);
        Assert.Equal(form[IsoDayOfWeek.Monday], copied[IsoDayOfWeek.Tuesday]);
        Assert.Equal(form[IsoDayOfWeek.Monday], copied[IsoDayOfWeek.Friday]);
        Assert.Empty(copied[IsoDayOfWeek.Wednesday]);
    }

    [Theory]
    [InlineData("", "review")]
    [InlineData("save", "save")]
    [InlineData("add-tuesday", "add")]
    [InlineData("copy-sunday", "copy")]
    [InlineData("remove-tuesday-2", "remove")]
    [InlineData("add", null)]
    [InlineData("add-someday", null)]
    [InlineData("remove-tuesday", null)]
    [InlineData("remove-tuesday-x", null)]
    [InlineData("save-tuesday", null)]
    [InlineData("explode", null)]
    public void Only_our_own_buttons_are_known(string text, string? step) => Assert.Equal(step, HoursStep.Read(text)?.Name);

    private static HoursForm Form(params (string Day, string From, string To)[] lines)
    {
        var fields = lines.GroupBy(line => line.Day).SelectMany(day => new[]
        {
            KeyValuePair.Create($"{day.Key}-from", new StringValues([.. day.Select(line => line.From)])),
            KeyValuePair.Create($"{day.Key}-to", new StringValues([.. day.Select(line => line.To)])),
        });
        return HoursForm.Read(new FormCollection(fields.Append(KeyValuePair.Create("seen", new StringValues("v"))).ToDictionary()));
    }
}
