using System.Globalization;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Delegates;

/// <param name="DelegateId">As it stands in the address.</param>
internal sealed record RemovalCommand(long CoachId, string DelegateId);

/// <param name="Link">An invitation made this moment; it is shown once.</param>
/// <param name="Said">For those who cannot see what has changed.</param>
internal sealed record DelegatesPage(IReadOnlyList<DelegateRow> Delegates, string Until, InvitationLink? Link = null, string? Said = null);

/// <param name="Since"><c>Mon 2 Mar</c></param>
internal sealed record DelegateRow(string Id, string Name, string Since);

internal sealed record InvitationLink(string Url);

/// <summary>What a coach does about delegates.</summary>
internal sealed class DelegatesHandler(Delegations delegations, TimeProvider clock)
{
    public async Task<DelegatesPage> ListAsync(CurrentUser coach, ReaderZone zone, CancellationToken cancellationToken)
    {
        var found = await delegations.OfCoachAsync(coach.Id, cancellationToken);
        return new DelegatesPage(
            [.. found.Select(one => new DelegateRow(one.Id.ToString(CultureInfo.InvariantCulture), one.Name, ZonedTime.Day(one.Since.In(zone.Zone).Date)))],
            ZonedTime.Moment((clock.GetUtcNow() + Delegations.InvitationLife).In(zone.Zone)));
    }

    /// <param name="origin">Where people reach this application.</param>
    public async Task<InvitationLink> InviteAsync(CurrentUser coach, string origin, CancellationToken cancellationToken) =>
        new($"{origin}/delegates/accept?token={await delegations.InviteAsync(coach.Id, cancellationToken)}");

    /// <summary>Fails with <c>NotFound</c> for whoever is not this coach's delegate.</summary>
    public async Task<Result<bool>> RemoveAsync(RemovalCommand command, CancellationToken cancellationToken) =>
        await delegations.RemoveAsync(command.CoachId, long.Parse(command.DelegateId, CultureInfo.InvariantCulture), cancellationToken)
            ? true
            : new Failure(FailureCode.NotFound);
}
