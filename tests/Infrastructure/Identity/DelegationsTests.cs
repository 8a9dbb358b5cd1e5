using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Tests.Support;
using Dapper;
using Microsoft.AspNetCore.DataProtection;

namespace CalendlySlices.Tests.Infrastructure.Identity;

public sealed class DelegationsOnSqliteTests() : DelegationsTests(Engine.Sqlite);

public sealed class DelegationsOnPostgreSqlTests() : DelegationsTests(Engine.PostgreSql);

public abstract class DelegationsTests : IDisposable
{
    private readonly TokenStoreRig _rig;
    private readonly Delegations _delegations;

    protected DelegationsTests(Engine engine)
    {
        _rig = new TokenStoreRig(engine);
        _delegations = new Delegations(_rig.Database, new SessionTickets(_rig.Database, new EphemeralDataProtectionProvider(), _rig.Clock), _rig.Clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invitation_makes_one_delegate_and_then_no_more()
    {
        var (ana, dora, luca) = await PeopleAsync();
        var token = await _delegations.InviteAsync(ana, Cancel);

        Assert.Equal(new WatchedCoach(ana, "Ana Ruiz"), await _delegations.FindInviterAsync(token, Cancel));
        Assert.True(await _delegations.AcceptAsync(token, dora, "Dora", Cancel));

        Assert.False(await _delegations.AcceptAsync(token, luca, "Luca", Cancel));
        Assert.Null(await _delegations.FindInviterAsync(token, Cancel));
        Assert.Equal([new Delegation(dora, "Dora", _rig.Clock.GetUtcNow())], await _delegations.OfCoachAsync(ana, Cancel));
    }

    [Fact]
    public async Task Of_many_who_accept_at_once_one_becomes_a_delegate()
    {
        var (ana, _, _) = await PeopleAsync();
        var token = await _delegations.InviteAsync(ana, Cancel);
        var people = new List<long>();
        for (var number = 0; number < 8; number++)
        {
            people.Add(await _rig.PersonAsync($"somebody:{number}"));
        }

        var accepted = await Task.WhenAll(people.Select(person => Task.Run(() => _delegations.AcceptAsync(token, person, "Somebody", Cancel), Cancel)));

        Assert.Single(accepted, true);
        Assert.Single(await _delegations.OfCoachAsync(ana, Cancel));
    }

    [Fact]
    public async Task An_invitation_lives_for_seven_days()
    {
        var (ana, dora, _) = await PeopleAsync();
        var token = await _delegations.InviteAsync(ana, Cancel);

        _rig.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _delegations.FindInviterAsync(token, Cancel));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await _delegations.FindInviterAsync(token, Cancel));
        Assert.False(await _delegations.AcceptAsync(token, dora, "Dora", Cancel));
        Assert.Empty(await _delegations.OfCoachAsync(ana, Cancel));
    }

    [Fact]
    public async Task A_new_invitation_ends_the_one_before_and_nobody_elses()
    {
        var (ana, dora, luca) = await PeopleAsync();
        var first = await _delegations.InviteAsync(ana, Cancel);
        var other = await _delegations.InviteAsync(luca, Cancel);

        var second = await _delegations.InviteAsync(ana, Cancel);

        Assert.Null(await _delegations.FindInviterAsync(first, Cancel));
        Assert.False(await _delegations.AcceptAsync(first, dora, "Dora", Cancel));
        Assert.NotNull(await _delegations.FindInviterAsync(second, Cancel));
        Assert.NotNull(await _delegations.FindInviterAsync(other, Cancel));
    }

    [Fact]
    public async Task The_token_has_256_random_bits_and_is_stored_as_a_hash_only()
    {
        var (ana, _, _) = await PeopleAsync();
        var first = await _delegations.InviteAsync(ana, Cancel);
        var second = await _delegations.InviteAsync(ana, Cancel);

        await using var connection = await _rig.Database.OpenConnectionAsync(Cancel);
        var stored = await connection.QuerySingleAsync<string>("SELECT token_hash FROM delegation_invitation");

        Assert.NotEqual(first, second);
        Assert.Equal(43, second.Length);
        Assert.True(Delegations.IsWellFormed(second));
        Assert.Equal(64, stored.Length);
        Assert.DoesNotContain(second, stored, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nobody_becomes_the_own_delegate_or_that_of_two_and_the_invitation_is_not_used_up()
    {
        var (ana, dora, luca) = await PeopleAsync();
        var token = await _delegations.InviteAsync(ana, Cancel);
        await _delegations.BeginAsync([(luca, dora, "Dora")], Cancel);
        token = await _delegations.InviteAsync(ana, Cancel);

        Assert.False(await _delegations.AcceptAsync(token, ana, "Ana", Cancel));
        Assert.False(await _delegations.AcceptAsync(token, dora, "Dora", Cancel));

        Assert.Empty(await _delegations.OfCoachAsync(ana, Cancel));
        Assert.Single(await _delegations.OfCoachAsync(luca, Cancel));
        Assert.NotNull(await _delegations.FindInviterAsync(token, Cancel));
    }

    [Fact]
    public async Task Only_the_coach_removes_a_delegate()
    {
        var (ana, dora, luca) = await PeopleAsync();
        await _delegations.BeginAsync([(ana, dora, "Dora")], Cancel);

        Assert.False(await _delegations.RemoveAsync(luca, dora, Cancel));
        Assert.Single(await _delegations.OfCoachAsync(ana, Cancel));
        Assert.True(await _delegations.RemoveAsync(ana, dora, Cancel));
        Assert.Empty(await _delegations.OfCoachAsync(ana, Cancel));
    }

    [Fact]
    public async Task A_role_is_that_of_the_sign_in_unless_a_delegation_or_the_list_of_admins_says_otherwise()
    {
        var (ana, dora, luca) = await PeopleAsync();
        var roles = new Roles(_rig.Database, ["persona:luca"]);
        await _delegations.BeginAsync([(ana, dora, "Dora"), (ana, luca, "Luca")], Cancel);

        var asDelegate = await roles.ResolveAsync(new CurrentUser(dora, "Dora", Role.Coach), Cancel);
        Assert.Equal((Role.Delegate, new WatchedCoach(ana, "Ana Ruiz"), ana), (asDelegate.Role, asDelegate.Coach, asDelegate.ConnectionOwnerId));
        Assert.Equal(new CurrentUser(luca, "Luca", Role.Admin), await roles.ResolveAsync(new CurrentUser(luca, "Luca", Role.Realtor), Cancel));
        Assert.Equal(new CurrentUser(ana, "Ana", Role.Coach), await roles.ResolveAsync(new CurrentUser(ana, "Ana", Role.Coach), Cancel));

        await _delegations.RemoveAsync(ana, dora, Cancel);

        Assert.Equal(new CurrentUser(dora, "Dora", Role.Coach), await roles.ResolveAsync(asDelegate with { Role = Role.Coach }, Cancel));
        Assert.Equal(new CurrentUser(dora, "Dora", Role.Realtor), await roles.ResolveAsync(asDelegate, Cancel));
    }

    public void Dispose()
    {
        _rig.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<(long Ana, long Dora, long Luca)> PeopleAsync() =>
        (await _rig.PersonAsync("persona:ana"), await _rig.PersonAsync("persona:dora"), await _rig.PersonAsync("persona:luca"));
}
