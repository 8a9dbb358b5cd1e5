using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CalendlySlices.Tests.Architecture;

/// <summary>The repository as text: reflection would miss what stands in method bodies and views.</summary>
internal static class Source
{
    public static readonly string Root = FindRoot();

    /// <summary>The folders of <c>src/Features</c>.</summary>
    public static readonly IReadOnlyList<string> Slices =
        [.. Directory.GetDirectories(Path.Combine(Root, "src", "Features")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Files below a folder whose names end in one of the extensions, with their text.</summary>
    /// <param name="folder">From the root, with slashes.</param>
    public static IReadOnlyList<SourceFile> Files(string folder, params string[] extensions) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(path => extensions.Contains(Path.GetExtension(path)))
            .Select(path => new SourceFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))
            .Where(file => !file.Path.Contains("/bin/", StringComparison.Ordinal) && !file.Path.Contains("/obj/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>What git keeps; null outside a clone. Throws when there is a clone but git cannot be asked.</summary>
    public static IReadOnlyList<string>? Tracked()
    {
        var marker = Path.Combine(Root, ".git");
        if (!Directory.Exists(marker) && !File.Exists(marker))
        {
            return null;
        }

        // In containers the clone may belong to somebody else, which git would refuse.
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var listing = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CalendlySlices.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

/// <param name="Path">From the root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Each match as <c>path: match</c>, for a list that should be empty.</summary>
    public IEnumerable<string> Where(Regex pattern) => pattern.Matches(Text).Select(match => $"{Path}: {match.Value.Trim()}");
}
