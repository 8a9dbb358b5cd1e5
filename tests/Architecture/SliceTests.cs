using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Architecture;

public sealed partial class SliceTests
{
    [Fact]
    public void Every_slice_has_its_four_parts()
    {
        var missing =
            from slice in Source.Slices
            let files = Directory.GetFiles(Path.Combine(Source.Root, "src", "Features", slice)).Select(path => Path.GetFileName(path)).ToList()
            from part in new[] { $"{slice}Endpoint.cs", $"{slice}Handler.cs", $"{slice}Validator.cs", "_*.cshtml" }
            where !files.Any(file => part.StartsWith('_') ? Fragment().IsMatch(file) : file == part)
            select $"src/Features/{slice}/{part}";

        Assert.Empty(missing);
        Assert.NotEmpty(Source.Slices);
    }

    [Fact]
    public void Every_slice_is_one_line_of_the_program()
    {
        var program = File.ReadAllText(Path.Combine(Source.Root, "src", "Program.cs"));

        Assert.All(Source.Slices, slice => Assert.Contains($"builder.AddFeature<{slice}Endpoint>();", program, StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_stays_under_sixty_lines() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Source.Root, "src", "Program.cs")).Length, 1, 59);

    [Fact]
    public void A_file_is_named_after_a_type_in_it() => Assert.Empty(
        Source.Files("src", ".cs")
            .Where(file => !file.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
            .Where(file => !Regex.IsMatch(file.Text, $@"\b(?:class|record|struct|interface|enum|delegate [\w<>?]+) {Path.GetFileNameWithoutExtension(file.Path)}\b"))
            .Select(file => file.Path));

    [GeneratedRegex(@"\A_[A-Z]\w*\.cshtml\z")]
    private static partial Regex Fragment();
}
