using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Delegates;

internal sealed record AcceptCommand(string? Token, CurrentUser User);

/// <summary>An invitation that holds.</summary>
/// <param name="Hindrance">Why this person cannot accept it; null when nothing is in the way.</param>
internal sealed record Offer(WatchedCoach Coach, string Token, Failure? Hindrance);

internal sealed class InvitationHandler(Delegations delegations, IConnections connections)
{
    /// <summary>Fails with <c>NotFound</c> for an invitation that is unknown, used, ended or too old.</summary>
    public async Task<Result<Offer>> ReadAsync(AcceptCommand command, CancellationToken cancellationToken) =>
        await delegations.FindInviterAsync(command.Token!, cancellationToken) is { } coach
            ? new Offer(coach, command.Token!, await HindranceAsync(command.User, coach, cancellationToken) is { } words ? new Failure(FailureCode.ForbiddenRole, words) : null)
            : new Failure(FailureCode.NotFound);

    /// <summary>Makes the person a delegate, unless the offer that comes back says why not.</summary>
    public async Task<Result<Offer>> AcceptAsync(AcceptCommand command, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(command, cancellationToken);
        return read.Succeeded(out var offer, out _) && offer.Hindrance is null
            && !await delegations.AcceptAsync(command.Token!, command.User.Id, command.User.Name, cancellationToken)
            ? new Failure(FailureCode.NotFound)
            : read;
    }

    private async Task<string?> HindranceAsync(CurrentUser user, WatchedCoach coach, CancellationToken cancellationToken) =>
        user.Id == coach.Id ? "This is your own invitation. Send the link to the person who shall look at your calendar."
        : user.Role == Role.Admin ? "An administrator cannot be a delegate. Accept as somebody else."
        : user.Coach is { } watched ? $"You look at {watched.Name}’s calendar already, and a delegate has one coach. {watched.Name} can remove you first."
        : await connections.FindAsync(user.Id, cancellationToken) is not null
            ? "You have a Calendly connection of your own, and a delegate only looks. Disconnect first, or accept as somebody else."
        : null;
}
