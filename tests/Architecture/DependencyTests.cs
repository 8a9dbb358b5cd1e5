using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Architecture;

/// <summary>Program, Pages, Features, Infrastructure: each names only what stands to its right.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void A_slice_never_names_another_slice() => Assert.Empty(
        from slice in Source.Slices
        from file in Source.Files($"src/Features/{slice}", ".cs", ".cshtml")
        from naming in file.Where(Naming(Source.Slices.Where(other => other != slice)))
        select naming);

    [Fact]
    public void Infrastructure_names_no_slice() => Assert.Empty(
        Source.Files("src/Infrastructure", ".cs", ".cshtml").SelectMany(file => file.Where(Naming(Source.Slices))));

    [Fact]
    public void Neither_infrastructure_nor_a_slice_names_the_shell_pages()
    {
        // The view start is where every slice gets its layout from; a slice itself knows nothing of it.
        var pages = new Regex(@"\bPages\.[A-Z]\w*|/src/Pages/\S*");

        Assert.Empty(Source.Files("src/Infrastructure", ".cs", ".cshtml").SelectMany(file => file.Where(pages)));
        Assert.Empty(Source.Slices.SelectMany(slice => Source.Files($"src/Features/{slice}", ".cs", ".cshtml")).SelectMany(file => file.Where(pages)));
    }

    [Fact]
    public void What_all_slices_views_import_names_no_slice() => Assert.Empty(
        Source.Files("src/Features", ".cshtml")
            .Where(file => file.Path.LastIndexOf('/') == "src/Features".Length)
            .SelectMany(file => file.Where(Naming(Source.Slices))));

    [Theory]
    [InlineData("using CalendlySlices.Features.Cancel;", true)]
    [InlineData("Features.Cancel.CancelHandler.Scope", true)]
    [InlineData("Hypermedia.Of(\"Cancel/_CancelForm\", form)", true)]
    [InlineData("<partial name=\"/src/Features/Cancel/_CancelForm.cshtml\" />", true)]
    [InlineData("<partial name=\"../Cancel/_CancelForm.cshtml\" />", true)]
    [InlineData("HttpStatusCode.Cancel", false)]
    [InlineData("Cancel a session", false)]
    public void The_rule_knows_every_way_to_name_a_slice(string text, bool names) => Assert.Equal(names, Naming(["Cancel"]).IsMatch(text));

    // By namespace, or by the path of a view.
    private static Regex Naming(IEnumerable<string> slices)
    {
        var names = string.Join('|', slices);
        return new Regex($@"\bFeatures[./](?:{names})\b|(?<![\w])(?:{names})/_\w+");
    }
}
