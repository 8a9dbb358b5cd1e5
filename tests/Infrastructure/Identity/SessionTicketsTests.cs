using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Tests.Infrastructure.Identity;

public sealed class SessionTicketsOnSqliteTests() : SessionTicketsTests(Engine.Sqlite);

public sealed class SessionTicketsOnPostgreSqlTests() : SessionTicketsTests(Engine.PostgreSql);

/// <summary>Two processes over one database.</summary>
public abstract class SessionTicketsTests : IDisposable
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly TokenStoreRig _rig;
    private readonly SessionTickets _here;
    private readonly SessionTickets _there;

    protected SessionTicketsTests(Engine engine)
    {
        _rig = new TokenStoreRig(engine);
        var keys = new EphemeralDataProtectionProvider();
        _here = new SessionTickets(_rig.Database, keys, _rig.Clock);
        _there = new SessionTickets(_rig.Database, keys, _rig.Clock);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_all_sessions_of_one_person_in_every_process_within_five_seconds()
    {
        var ana = await _rig.PersonAsync("persona:ana");
        var priya = await _rig.PersonAsync("persona:priya");
        var first = await _here.StoreAsync(Ticket(new CurrentUser(ana, "Ana", Role.Coach)));
        var second = await _there.StoreAsync(Ticket(new CurrentUser(ana, "Ana", Role.Coach)));
        var other = await _there.StoreAsync(Ticket(new CurrentUser(priya, "Priya", Role.Coach)));
        foreach (var key in new[] { first, second, other })
        {
            Assert.NotNull(await _here.RetrieveAsync(key));
            Assert.NotNull(await _there.RetrieveAsync(key));
        }

        await _here.RemoveAllAsync(ana);

        Assert.Null(await _here.RetrieveAsync(first));
        Assert.Null(await _here.RetrieveAsync(second));
        _rig.Clock.Advance(Memory);
        Assert.Null(await _there.RetrieveAsync(first));
        Assert.Null(await _there.RetrieveAsync(second));
        Assert.NotNull(await _there.RetrieveAsync(other));
    }

    [Fact]
    public async Task A_session_renewed_after_signing_out_everywhere_stays_ended()
    {
        var ana = await _rig.PersonAsync("persona:ana");
        var ticket = Ticket(new CurrentUser(ana, "Ana", Role.Coach));
        var key = await _here.StoreAsync(ticket);

        await _here.RemoveAllAsync(ana);
        await _there.RenewAsync(key, ticket);

        Assert.Null(await _there.RetrieveAsync(key));
    }

    [Fact]
    public async Task A_delegates_session_ends_with_the_delegation_here_at_once_and_elsewhere_within_five_seconds()
    {
        var (ana, dora) = (await _rig.PersonAsync("persona:ana"), await _rig.PersonAsync("persona:dora"));
        var delegations = new Delegations(_rig.Database, _here, _rig.Clock);
        await delegations.BeginAsync([(ana, dora, "Dora")], TestContext.Current.CancellationToken);
        var key = await _here.StoreAsync(Ticket(new CurrentUser(dora, "Dora", Role.Delegate, new WatchedCoach(ana, "Ana"))));
        Assert.NotNull(await _here.RetrieveAsync(key));
        Assert.NotNull(await _there.RetrieveAsync(key));

        await delegations.RemoveAsync(ana, dora, TestContext.Current.CancellationToken);

        Assert.Null(await _here.RetrieveAsync(key));
        _rig.Clock.Advance(Memory);
        Assert.Null(await _there.RetrieveAsync(key));
    }

    [Fact]
    public async Task Sessions_from_before_a_delegation_end_with_its_beginning()
    {
        var (ana, dora) = (await _rig.PersonAsync("persona:ana"), await _rig.PersonAsync("persona:dora"));
        var key = await _there.StoreAsync(Ticket(new CurrentUser(dora, "Dora", Role.Realtor)));
        var delegations = new Delegations(_rig.Database, _here, _rig.Clock);

        Assert.True(await delegations.AcceptAsync(
            await delegations.InviteAsync(ana, TestContext.Current.CancellationToken), dora, "Dora", TestContext.Current.CancellationToken));

        Assert.Null(await _here.RetrieveAsync(key));
    }

    [Fact]
    public async Task A_delegate_of_one_coach_does_not_stay_signed_in_as_that_of_another()
    {
        var (ana, priya, dora) = (await _rig.PersonAsync("persona:ana"), await _rig.PersonAsync("persona:priya"), await _rig.PersonAsync("persona:dora"));
        var delegations = new Delegations(_rig.Database, _there, _rig.Clock);
        await delegations.BeginAsync([(priya, dora, "Dora")], TestContext.Current.CancellationToken);

        var key = await _here.StoreAsync(Ticket(new CurrentUser(dora, "Dora", Role.Delegate, new WatchedCoach(ana, "Ana"))));

        Assert.Null(await _here.RetrieveAsync(key));
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    private AuthenticationTicket Ticket(CurrentUser user) =>
        new(user.ToPrincipal("test"), new AuthenticationProperties { ExpiresUtc = _rig.Clock.GetUtcNow().AddHours(12) }, "test");
}
