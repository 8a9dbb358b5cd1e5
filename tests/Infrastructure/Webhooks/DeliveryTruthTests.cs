using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Calendly.Emulator;
using CalendlySlices.Infrastructure.Webhooks;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class DeliveryTruthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_between_reading_the_invitee_and_reading_the_session_is_seen_as_a_move()
    {
        await using var app = new DashboardApp();
        var calendly = app.Services.GetRequiredService<CalendlyApiFor>()(new ConnectionOwner(await app.PersonIdAsync("ana"), ReadsOnly: true));
        var booked = app.Books();
        var (sessionId, inviteeId) = (CalendlyUri.LastSegment(booked.EventUri), booked.Id);
        var before = Read(await calendly.GetInviteeAsync(sessionId, inviteeId, Cancel));
        app.Moves(booked);
        var torn = new StubCalendly(new FakeClock()) { Events = { [sessionId] = Read(await calendly.GetScheduledEventAsync(sessionId, Cancel)) } };
        torn.InviteeReads.Enqueue(before);
        torn.InviteeReads.Enqueue(Read(await calendly.GetInviteeAsync(sessionId, inviteeId, Cancel)));

        var truth = Read(await DeliveryTruth.ReadAsync(torn, WorldAccounts.Ana.Uri, sessionId, inviteeId, Cancel));

        Assert.True(truth.IsFirstHalf);
        Assert.Empty(torn.InviteeReads);
    }

    private static T Read<T>(Result<T> result)
        where T : notnull
    {
        Assert.True(result.Succeeded(out var value, out _));
        return value;
    }
}
