using System.Globalization;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Live;
using NodaTime;

namespace CalendlySlices.Features.Bell;

/// <param name="UpTo">When the newest of those came that the person has seen.</param>
internal sealed record ReadCommand(CurrentUser User, string? UpTo)
{
    /// <summary>Of a valid command.</summary>
    public DateTimeOffset Until => DateTimeOffset.Parse(UpTo!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}

/// <summary>What the bell tells. A delegate is told what the coach is told, and marks nothing.</summary>
internal sealed class BellHandler(Notices notices, TimeProvider clock)
{
    public const int Most = 20;

    public Task<long> CountAsync(CurrentUser user, CancellationToken cancellationToken) => notices.CountUnreadAsync(user.ConnectionOwnerId, cancellationToken);

    public async Task<BellList> ListAsync(CurrentUser user, DateTimeZone zone, CancellationToken cancellationToken)
    {
        var told = await notices.ListAsync(user.ConnectionOwnerId, Most, cancellationToken);
        var unread = await CountAsync(user, cancellationToken);
        var now = clock.GetUtcNow();
        return new BellList(
            [.. told.Select(notice => NoticeLine.Of(notice, now, zone))],
            unread,
            unread > 0 && told.Count > 0 && user.Coach is null ? told[0].At.ToString("O", CultureInfo.InvariantCulture) : null);
    }

    public Task ReadAsync(ReadCommand command, CancellationToken cancellationToken) =>
        notices.MarkReadAsync(command.User.Id, command.Until, cancellationToken);
}

/// <param name="UpTo">For the button that marks all as read; null where there is nothing to mark, or nobody who may.</param>
internal sealed record BellList(IReadOnlyList<NoticeLine> Lines, long Unread, string? UpTo)
{
    /// <summary>In the header of some page, not on its own.</summary>
    public bool IsInMenu { get; init; }

    public string UnreadWords => NoticeWords.Unread(Unread);
}
