using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Listings;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CalendlySlices.Tests.Infrastructure.Listings;

public sealed class ListedEventTypesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task Only_its_own_coach_takes_an_event_type_off_the_list(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var listings = app.Services.GetRequiredService<ListedEventTypes>();
        var listed = (await listings.AllAsync(Cancel)).First(type => type.Coach == "Ana Ruiz");

        await listings.HideAsync(listed.OwnerId + 1, listed.Id, Cancel);
        Assert.NotNull(await listings.FindAsync(listed.Id, Cancel));

        await listings.HideAsync(listed.OwnerId, listed.Id, Cancel);
        Assert.Null(await listings.FindAsync(listed.Id, Cancel));
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task A_coach_who_disconnects_shows_nothing(Engine engine)
    {
        await using var app = new DashboardApp { OnPostgreSql = engine == Engine.PostgreSql };
        var listings = app.Services.GetRequiredService<ListedEventTypes>();
        var ana = await app.Services.GetRequiredService<People>().FindOrAddAsync("persona:ana", Cancel);

        await app.Services.GetRequiredService<ITokenStore>().DisconnectAsync(ana, Cancel);

        Assert.DoesNotContain(await listings.AllAsync(Cancel), type => type.OwnerId == ana);
    }
}
