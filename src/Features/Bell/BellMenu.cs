using CalendlySlices.Infrastructure.Identity;
using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Bell;

/// <summary>The bell in the header of every page, for whoever is told anything.</summary>
public sealed class BellMenu(IServiceProvider services) : ViewComponent
{
    public async Task<IViewComponentResult> InvokeAsync() =>
        CurrentUser.Of(HttpContext.User) is { Role: not Role.Admin } user
            ? View("/src/Features/Bell/_BellMenu.cshtml", await services.GetRequiredService<BellHandler>().CountAsync(user, HttpContext.RequestAborted))
            : Content(string.Empty);
}
