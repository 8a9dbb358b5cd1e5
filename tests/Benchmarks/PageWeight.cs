using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace CalendlySlices.Benchmarks;

/// <summary>What a browser with an empty cache fetches for one page.</summary>
internal sealed partial class PageWeight
{
    // As a proxy compresses what is made on request, and as publishing compresses files once.
    private const int QuickQuality = 5;
    private const int BestQuality = 11;
    private const int Window = 22;

    private readonly List<(string Name, int Raw, int Compressed)> _files = [];

    /// <param name="path">May redirect to the page.</param>
    public static async Task<PageWeight> MeasureAsync(HttpClient browser, string path)
    {
        var weight = new PageWeight();
        var html = await browser.GetByteArrayAsync(path);
        weight.Add("HTML", html, QuickQuality);
        var files = new Queue<Uri>(Linked().Matches(Encoding.UTF8.GetString(html)).Select(match => new Uri(browser.BaseAddress!, match.Groups[1].Value)));
        var seen = new HashSet<Uri>();
        while (files.TryDequeue(out var file))
        {
            if (!seen.Add(file))
            {
                continue;
            }

            var content = await browser.GetByteArrayAsync(file);
            weight.Add(file.AbsolutePath, content, BestQuality);
            if (file.AbsolutePath.EndsWith(".js", StringComparison.Ordinal))
            {
                foreach (Match import in Imported().Matches(Encoding.UTF8.GetString(content)))
                {
                    files.Enqueue(new Uri(file, import.Groups[1].Value));
                }
            }
        }

        return weight;
    }

    public void Print()
    {
        Console.WriteLine("sessions page                        raw     brotli");
        foreach (var (name, raw, compressed) in _files.Append(("all", _files.Sum(file => file.Raw), _files.Sum(file => file.Compressed))))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-30} {raw,8:N0} B {compressed,8:N0} B"));
        }
    }

    private void Add(string name, byte[] content, int quality)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (content.Length == 0 || !BrotliEncoder.TryCompress(content, compressed, out var length, quality, Window))
        {
            throw new InvalidOperationException($"{name} is empty or cannot be compressed.");
        }

        _files.Add((name, content.Length, length));
    }

    [GeneratedRegex("<(?:link|script)[^>]* (?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Linked();

    [GeneratedRegex(@"^import [^;]*?['""]([^'""]+)['""]", RegexOptions.Multiline)]
    private static partial Regex Imported();
}
