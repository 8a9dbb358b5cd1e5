namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Cuts sorted rows into pages that are bound to their caller and query.</summary>
internal static class ApiPages
{
    /// <summary>One page of rows that are filtered and sorted already.</summary>
    public static EmulatorAnswer List<T>(
        ApiQuery query, ApiCaller caller, EmulatorCall call, int count, List<T> rows, Comparison<T> order, Func<T, string> idOf, Func<T, byte[]> jsonOf, Func<string, T?> find)
        where T : class
    {
        var pageToken = query.Text("page_token");
        var binding = $"{caller.Account.Id} {call.Path}{query.Canonical(count)}";
        var (from, to) = (0, Math.Min(count, rows.Count));
        if (pageToken is not null)
        {
            if (!PageTokens.TryRead(pageToken, binding, out var side, out var id) || find(id) is not { } row)
            {
                return ApiErrors.Invalid("page_token", "is invalid");
            }

            (from, to) = Window(rows, order, row, side, count);
        }
        else if (query.HasProblems)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        var page = rows.GetRange(from, to - from);
        var next = to < rows.Count ? PageTokens.Write(PageSide.After, idOf(page[^1]), binding) : null;
        var previous = from == 0 ? null
            : page.Count > 0 ? PageTokens.Write(PageSide.Before, idOf(page[0]), binding)
            : PageTokens.Write(PageSide.UpTo, idOf(rows[^1]), binding);
        var json = new byte[page.Count][];
        for (var index = 0; index < json.Length; index++)
        {
            json[index] = jsonOf(page[index]);
        }

        return new EmulatorAnswer(StatusCodes.Status200OK, EmulatorJson.List(json, Address(next), Address(previous), next, previous));

        string? Address(string? token) => token is null ? null : $"https://api.calendly.com{call.Path}{query.With(token)}";
    }

    private static (int From, int To) Window<T>(List<T> rows, Comparison<T> order, T anchor, PageSide side, int count)
    {
        var border = 0;
        while (border < rows.Count && order(rows[border], anchor) is var place && (place < 0 || (place == 0 && side != PageSide.Before)))
        {
            border++;
        }

        // Nothing lies before the first row any more: the first page is where a way back ends.
        return side == PageSide.After || border == 0 ? (border, Math.Min(border + count, rows.Count)) : (Math.Max(0, border - count), border);
    }
}
