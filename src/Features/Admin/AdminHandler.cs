using System.Globalization;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Operations;
using CalendlySlices.Infrastructure.Tokens;
using NodaTime;

namespace CalendlySlices.Features.Admin;

/// <summary>Reads what an administrator sees, and does what is asked for; never a token.</summary>
internal sealed class AdminHandler(
    ConnectionCensus census, Revocations revocations, MassGuard guard, MassRevocation mass, ITokenStore store, ReadCache reads)
{
    private const int PageRows = 50;
    private const int DiaryRows = 20;

    public async Task<AdminPage> HandleAsync(AdminQuery query, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var after = query.After is null ? 0 : long.Parse(query.After, CultureInfo.InvariantCulture);
        var found = await census.ListAsync(query.State, query.SearchedName, after, PageRows + 1, cancellationToken);
        var lines = found.Take(PageRows).Select(entry => new ConnectionLine(entry, zone)).ToList();
        return new AdminPage(
            query,
            StateTab.All(query, await census.CountByStatusAsync(cancellationToken)),
            lines,
            found.Count > PageRows ? (query with { After = lines[^1].Id }).Url : null,
            await guard.IsTrippedAsync(),
            await ProgressAsync(cancellationToken),
            await census.DiaryAsync(DiaryRows, cancellationToken),
            zone);
    }

    /// <summary>Null when there is none, or that is no id.</summary>
    public async Task<ConnectionLine?> FindAsync(string id, DateTimeZone zone, CancellationToken cancellationToken) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var userId) && await census.FindAsync(userId, cancellationToken) is { } entry
            ? new ConnectionLine(entry, zone)
            : null;

    public async Task<AdminDisconnected> DisconnectAsync(ConnectionLine line)
    {
        var userId = line.Entry.UserId;
        reads.Forget(userId);
        await store.DisconnectAsync(userId, CancellationToken.None);
        var entry = await census.FindAsync(userId, CancellationToken.None) ?? line.Entry;
        return new AdminDisconnected(
            line with { Entry = entry },
            StateTab.All(new AdminQuery(), await census.CountByStatusAsync(CancellationToken.None)),
            await revocations.CountAsync(null, CancellationToken.None));
    }

    public Task RevokeAllAsync(CancellationToken cancellationToken) => mass.RequestAsync(cancellationToken);

    public async Task<RevocationProgress> ProgressAsync(CancellationToken cancellationToken) => new(
        await mass.IsUnderWayAsync(cancellationToken),
        await mass.CountAsync(null, cancellationToken),
        await revocations.CountAsync(null, cancellationToken));
}
