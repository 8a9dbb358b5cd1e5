using System.IO.Compression;
using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Infrastructure.Web;

public sealed partial class AssetBudgetTests
{
    [Fact]
    public void The_style_sheet_stays_under_15_kB_compressed() =>
        Assert.InRange(Compressed(Path.Combine(WebRoot, "css", "site.css")), 1, 15_000);

    [Fact]
    public void The_scripts_of_our_pages_stay_under_8_kB_compressed() =>
        Assert.InRange(Scripts.Where(script => Path.GetFileName(script) is not (OnlyWhereThereIsSomethingToBook or OnlyWherePagesFollow) && !OnlyOnOnePage.Contains(Path.GetFileName(script))).Sum(Compressed), 1, 8_000);

    [Fact]
    public void The_script_of_booking_stays_under_3_kB_compressed() =>
        Assert.InRange(Compressed(Path.Combine(WebRoot, "js", OnlyWhereThereIsSomethingToBook)), 1, 3_000);

    [Fact]
    public void The_script_of_live_pages_stays_under_4_kB_compressed() =>
        Assert.InRange(Compressed(Path.Combine(WebRoot, "js", OnlyWherePagesFollow)), 1, 4_000);

    [Fact]
    public void No_script_of_ours_writes_markup_or_code()
    {
        foreach (var script in Scripts)
        {
            Assert.DoesNotMatch(Sinks(), File.ReadAllText(script));
        }
    }

    // The one is loaded by one page, with one of the ways to sign in, in the place of Clerk's own far larger forms; the other
    // by what stands in for a page of Calendly's, in mock mode.
    private static readonly string[] OnlyOnOnePage = ["clerk.js", "mock-widget.js"];

    // Loaded by the pages that frame Calendly's form, which brings many times as much, and by those of what was booked.
    private const string OnlyWhereThereIsSomethingToBook = "booking.js";

    // Loaded by the pages of people who are told of changes.
    private const string OnlyWherePagesFollow = "live.js";

    private static string WebRoot => Path.Combine(Root(AppContext.BaseDirectory), "wwwroot");

    private static string[] Scripts => Directory.GetFiles(Path.Combine(WebRoot, "js"), "*.js");

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "CalendlySlices.slnx")) ? folder : Root(Path.GetDirectoryName(folder)!);

    private static long Compressed(string path)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(File.ReadAllBytes(path));
        }

        return target.Length;
    }

    [GeneratedRegex(@"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\('(style|on)")]
    private static partial Regex Sinks();
}
