using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Features.Coaches;

/// <summary>Every route of the directory, good and with every kind of bad input.</summary>
public sealed class CoachesBadInputTests
{
    private const string Gone = "Nobody of that name is listed here. A coach may have left the list.";
    private const string NotACoach = "That is not a coach.";
    private const string Few = "Tick two to four coaches to compare them.";
    private const string Two = "coach=ana-ruiz&coach=priya-nair";

    private static readonly BadInput[] Table =
    [
        new("rita", "GET /coaches", null, 200, "", "Ana Ruiz"),
        new("ana", "GET /coaches", null, 200, "", "Priya Nair"),
        new("adam", "GET /coaches", null, 200, "", "Ana Ruiz"),
        new("rita", "GET /coaches?q=%3Cscript%3E&tag=%3Cb%3E", null, 200, "", "No coach fits these filters."),
        new("rita", $"GET /coaches?q={new string('a', 81)}", null, 400, "VALIDATION_FAILED", "Search for at most 80 characters."),
        new("rita", $"GET /coaches?tag={new string('a', 81)}", null, 400, "VALIDATION_FAILED", "That is not one of the tags."),
        new("rita", "GET /coaches?free=tomorrow", null, 400, "VALIDATION_FAILED", "Choose today or week, or leave it out."),
        new("rita", "GET /coaches?sort=price", null, 400, "VALIDATION_FAILED", "Sort by name or soonest."),
        new("rita", "GET /coaches?coach=../x", null, 400, "VALIDATION_FAILED", NotACoach),
        new("rita", $"GET /coaches?coach={string.Join("&coach=", Enumerable.Range(0, 51))}", null, 400, "VALIDATION_FAILED", NotACoach),
        new("rita", "GET /coaches?coach=nobody", null, 200, "", "Ana Ruiz"),
        new("", "GET /coaches", null, 302, "", ""),
        new("rita", "POST /coaches", "q=x", 405, "METHOD_NOT_ALLOWED", "That does not work this way"),

        new("rita", "GET /coaches/soonest", null, 302, "", ""),
        new("rita", "GET /coaches/soonest?round=x", null, 400, "VALIDATION_FAILED", "That is not a number of ours."),
        new("rita", "GET /coaches/soonest?round=100", null, 400, "VALIDATION_FAILED", "That is not a number of ours."),
        new("rita", "GET /coaches/soonest?sort=price", null, 400, "VALIDATION_FAILED", "Sort by name or soonest."),

        new("rita", "GET /coaches/ana-ruiz", null, 200, "", "Discovery call"),
        new("rita", "GET /coaches/Ana-Ruiz", null, 404, "NOT_FOUND", Gone),
        new("rita", "GET /coaches/olu-adeyemi", null, 404, "NOT_FOUND", Gone),
        new("rita", "GET /coaches/%3Cscript%3E", null, 404, "NOT_FOUND", Gone),
        new("", "GET /coaches/ana-ruiz", null, 302, "", ""),

        new("rita", $"GET /coaches/compare?{Two}", null, 200, "", "Compare coaches"),
        new("rita", "GET /coaches/compare", null, 400, "VALIDATION_FAILED", Few),
        new("rita", "GET /coaches/compare?coach=ana-ruiz", null, 400, "VALIDATION_FAILED", Few),
        new("rita", "GET /coaches/compare?coach=ana-ruiz&coach=ana-ruiz", null, 400, "VALIDATION_FAILED", Few),
        new("rita", "GET /coaches/compare?coach=ana-ruiz&coach=olu-adeyemi", null, 404, "NOT_FOUND", Gone),
        new("rita", "GET /coaches/compare?coach=ana-ruiz&coach=a%20b", null, 400, "VALIDATION_FAILED", NotACoach),
        new("rita", $"GET /coaches/compare?{Two}&week=2026-02-30", null, 400, "VALIDATION_FAILED", "That is not a day. Write it like 2026-03-10."),
        new("rita", $"GET /coaches/compare?{Two}&week=2028-01-01", null, 400, "VALIDATION_FAILED", "Choose a day within a year from today."),
        new("rita", $"GET /coaches/compare?{Two}&week=2026-01-01", null, 200, "", "Mon 2 Mar to Sun 8 Mar"),
        new("rita", $"GET /coaches/compare?{Two}&view=month", null, 400, "VALIDATION_FAILED", "Choose week or list."),
        new("rita", $"GET /coaches/compare?{Two}&hours=some", null, 400, "VALIDATION_FAILED", "Choose all, or leave it out."),
    ];

    [Fact]
    public async Task Every_route_answers_as_the_table_says()
    {
        await using var app = new DashboardApp();

        var mismatches = await BadInput.MismatchesAsync(app, Table);
        Assert.True(mismatches.Count == 0, string.Join('\n', mismatches));
    }
}
