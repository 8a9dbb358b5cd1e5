using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Listings;

public sealed class ListedCoachesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Those_who_have_agreed_are_listed_by_name_with_what_stands_in_the_way_of_booking(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var coaches = app.Services.GetRequiredService<ListedCoaches>();

        var listed = await coaches.AllAsync(Cancel);

        Assert.Equal(["ana-ruiz", "mei-tanaka", "priya-nair", "tom-wells"], listed.Select(coach => coach.Slug));
        Assert.Equal([true, false, true, false], listed.Select(coach => coach.CanBeBooked));
        Assert.Equal([false, false, false, true], listed.Select(coach => coach.HasToReconnect));
        var ana = await coaches.FindAsync("ana-ruiz", Cancel);
        Assert.Equal(["Deep-dive coaching", "Discovery call", "Listing strategy"], ana!.EventTypes.Select(type => type.Name));
        Assert.Equal(("America/New_York", "https://calendly.com/ana"), (ana.Timezone, ana.SchedulingUrl));
        Assert.Equal(["English", "Spanish"], ana.Languages);
        Assert.All(ana.EventTypes, type => Assert.Equal("ana-ruiz", type.CoachSlug));
        Assert.Null(await coaches.FindAsync("olu-adeyemi", Cancel));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Taking_the_agreement_back_hides_the_card_at_once_and_loses_nothing_of_it(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var (cards, coaches) = (app.Services.GetRequiredService<CoachCards>(), app.Services.GetRequiredService<ListedCoaches>());
        var ana = (await coaches.FindAsync("ana-ruiz", Cancel))!.UserId;

        await cards.SaveAsync(ana, (await cards.FindAsync(ana, Cancel))! with { IsListed = false }, Cancel);

        Assert.Null(await coaches.FindAsync("ana-ruiz", Cancel));
        Assert.DoesNotContain(await coaches.AllAsync(Cancel), coach => coach.UserId == ana);
        var card = await cards.FindAsync(ana, Cancel);
        Assert.Equal(("Ana Ruiz", false, "ana-ruiz"), (card!.Name, card.IsListed, card.Slug));
        Assert.Equal(["Listings", "Negotiation", "First-time sellers"], card.Tags);
    }

    [Fact]
    public async Task A_coach_who_disconnects_stays_listed_and_cannot_be_booked()
    {
        await using var app = new DashboardApp();
        var coaches = app.Services.GetRequiredService<ListedCoaches>();
        var ana = (await coaches.FindAsync("ana-ruiz", Cancel))!.UserId;

        await app.Services.GetRequiredService<ITokenStore>().DisconnectAsync(ana, Cancel);

        var coach = (await coaches.FindAsync("ana-ruiz", Cancel))!;
        Assert.Equal((false, false), (coach.CanBeBooked, coach.HasToReconnect));
        Assert.Empty(coach.EventTypes);
        Assert.Null(coach.SchedulingUrl);
    }

    [Fact]
    public async Task A_coach_whose_connection_has_ended_has_to_reconnect()
    {
        await using var app = new DashboardApp();
        var coaches = app.Services.GetRequiredService<ListedCoaches>();
        var ana = (await coaches.FindAsync("ana-ruiz", Cancel))!.UserId;

        await app.Services.GetRequiredService<ITokenStore>().MarkAsync(ana, 1, ConnectionStatus.NeedsReconnect, "revoked", null, Cancel);

        var coach = (await coaches.FindAsync("ana-ruiz", Cancel))!;
        Assert.Equal((false, true), (coach.CanBeBooked, coach.HasToReconnect));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Two_of_the_same_name_get_addresses_of_their_own_which_a_new_name_does_not_change(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var (cards, people) = (app.Services.GetRequiredService<CoachCards>(), app.Services.GetRequiredService<People>());
        var card = new CardText("Ana Ruiz", null, "Europe/Madrid", [], [], "", IsListed: true);
        var (second, third) = (await people.FindOrAddAsync("second", Cancel), await people.FindOrAddAsync("third", Cancel));

        await Task.WhenAll(cards.SaveAsync(second, card, Cancel), cards.SaveAsync(third, card, Cancel));
        await cards.SaveAsync(second, card with { Name = "Ana Ruiz Gil" }, Cancel);

        var slugs = new[] { (await cards.FindAsync(second, Cancel))!.Slug!, (await cards.FindAsync(third, Cancel))!.Slug! };
        Assert.Equal(["ana-ruiz-2", "ana-ruiz-3"], slugs.Order(StringComparer.Ordinal));
        Assert.Equal("Ana Ruiz Gil", (await cards.FindAsync(second, Cancel))!.Name);
    }

    [Theory]
    [InlineData("Ana Ruiz", "ana-ruiz")]
    [InlineData("  José  Núñez-Öhman, MBA ", "jose-nunez-ohman-mba")]
    [InlineData("田中", "coach")]
    [InlineData("Compare", "coach-compare")]
    [InlineData("<script>", "script")]
    public void An_address_is_made_of_plain_letters_and_digits(string name, string slug) => Assert.Equal(slug, CoachCards.SlugOf(name));
}
