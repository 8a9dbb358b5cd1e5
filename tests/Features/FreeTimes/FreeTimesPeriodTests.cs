using CalendlySlices.Features.FreeTimes;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Web;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace CalendlySlices.Tests.Features.FreeTimes;

public sealed class FreeTimesPeriodTests
{
    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly LocalDate Today = new(2026, 3, 4);

    [Fact]
    public void Whatever_is_drawn_is_read_in_windows_that_calendly_takes()
    {
        var asked = from zone in Gen.Elements("America/New_York", "Asia/Kolkata", "Europe/London", "Australia/Sydney", "America/Los_Angeles", "America/Phoenix")
                    from today in Gen.Choose(0, 700)
                    from ahead in Gen.Choose(-10, 366)
                    from view in Gen.Elements(Enum.GetValues<FreeTimesView>())
                    from eight in Gen.Elements(true, false)
                    select (zone, today: new LocalDate(2026, 1, 1).PlusDays(today), ahead, view, eight);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll(asked.ToArbitrary(), (Action<(string Zone, LocalDate Today, int Ahead, FreeTimesView View, bool Eight)>)(one =>
        {
            var zone = DateTimeZoneProviders.Tzdb[one.Zone];
            var period = FreeTimesPeriod.Of(one.Today, one.Today.PlusDays(one.Ahead), one.View, one.Eight, zone);

            Assert.True(period.Selected >= one.Today);
            Assert.True(period.Selected >= period.First && period.Selected < period.End);
            Assert.True(period.Windows.Count <= 2);
            Assert.All(period.Windows.Append(period.NextWindow), window => Assert.InRange(window.To - window.From, TimeSpan.FromDays(27), CalendlyLimits.AvailableTimesRange));
            Assert.Equal(period.StripFirst, period.Windows[0].From.In(zone).Date);
            Assert.True(period.Windows[0].From.In(zone).Date <= period.First);
            Assert.True(period.Windows[^1].To.In(zone).Date >= period.End);
            Assert.Equal(period.Windows[^1].To, period.NextWindow.From);
        })));
    }

    [Fact]
    public void The_weeks_of_one_window_are_read_alike_so_that_a_step_costs_no_call()
    {
        var windows = Enumerable.Range(0, 4).Select(week => FreeTimesPeriod.Of(Today, Today.PlusWeeks(week), FreeTimesView.Week, false, NewYork).Windows.Single());

        Assert.Single(windows.Distinct());
    }

    [Theory]
    [InlineData(FreeTimesView.Week, "2026-03-11", "2026-03-09", 7)]
    [InlineData(FreeTimesView.TwoWeeks, "2026-03-11", "2026-03-09", 14)]
    [InlineData(FreeTimesView.Day, "2026-03-11", "2026-03-11", 1)]
    [InlineData(FreeTimesView.Month, "2026-03-11", "2026-03-02", 28)]
    [InlineData(FreeTimesView.Month, "2026-03-30", "2026-03-30", 28)]
    [InlineData(FreeTimesView.List, "2026-03-11", "2026-03-02", 28)]
    [InlineData(FreeTimesView.Week, "2026-02-11", "2026-03-02", 7)]
    internal void A_view_begins_on_its_own_first_day(FreeTimesView view, string asked, string first, int days)
    {
        var period = FreeTimesPeriod.Of(Today, NodaTime.Text.LocalDatePattern.Iso.Parse(asked).Value, view, false, NewYork);

        Assert.Equal((first, days), (FreeTimesPlace.Iso(period.First), period.Days));
    }
}
