using System.Globalization;
using System.Text;

namespace CalendlySlices.Infrastructure.Listings;

/// <summary>Latin letters without what stands on them. By a table, because without a culture library the runtime takes no
/// letter apart.</summary>
internal static class PlainLetters
{
    private static readonly Dictionary<char, char> Plain = Table(
        "aàáâãäåāăą", "cçćĉċč", "dďđð", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł", "nñńņň", "oòóôõöøōŏő", "rŕŗř", "sśŝşšß", "tţťŧ", "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž");

    /// <summary>In lower case.</summary>
    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            var small = char.ToLowerInvariant(letter);
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                plain.Append(Plain.GetValueOrDefault(small, small));
            }
        }

        return plain.ToString();
    }

    private static Dictionary<char, char> Table(params ReadOnlySpan<string> rows)
    {
        var table = new Dictionary<char, char>();
        foreach (var row in rows)
        {
            foreach (var letter in row[1..])
            {
                table[letter] = row[0];
            }
        }

        return table;
    }
}
