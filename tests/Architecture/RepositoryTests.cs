using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Architecture;

public sealed class RepositoryTests
{
    [Fact]
    public void No_third_party_file_is_tracked()
    {
        // Without a clone there is nothing that could be tracked.
        var tracked = Source.Tracked() ?? [];

        Assert.DoesNotContain(tracked, path => Regex.IsMatch(path, @"(\A|/)(wwwroot/lib|node_modules)/|\.min\.(js|css)\z|\.(dll|nupkg|tgz)\z"));
    }

    [Fact]
    public void Time_comes_from_the_time_provider_alone() => Assert.Empty(
        Source.Files("src", ".cs", ".cshtml").SelectMany(file => file.Where(new Regex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b|SystemClock\.Instance|\bThread\.Sleep\b|\bTask\.Delay\([^,()]+\)"))));

    [Fact]
    public void Tests_do_not_sleep() => Assert.Empty(
        Source.Files("tests", ".cs")
            .Where(file => !file.Path.EndsWith("/RepositoryTests.cs", StringComparison.Ordinal))
            .SelectMany(file => file.Where(new Regex(@"\bThread\.Sleep\(|\bDateTime(?:Offset)?\.(?:Now|UtcNow)\b"))));
}
