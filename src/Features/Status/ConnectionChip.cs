using Microsoft.AspNetCore.Mvc;

namespace CalendlySlices.Features.Status;

/// <summary>The state of the connection, in the header of every page.</summary>
[ViewComponent(Name = "ConnectionChip")]
public sealed class ConnectionChip : ViewComponent
{
    public IViewComponentResult Invoke() => Content(string.Empty);
}
