using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Identity;
using CalendlySlices.Infrastructure.Web;

namespace CalendlySlices.Features.Booking;

/// <summary>A look at Calendly over HTTP.</summary>
internal static class Check
{
    public static async Task<IResult> LookAsync(
        CurrentUser user,
        [AsParameters] BookingInput input,
        BookingValidator inputValidator,
        CheckValidator validator,
        CheckHandler handler,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var form = await http.Request.FormAsync(cancellationToken);
        var command = new CheckCommand(user, form?["attempt"].ToString(), form?["event"].ToString(), form?["invitee"].ToString(), form?["why"].ToString());
        var problem = inputValidator.Problem(input with { Slot = null, Attempt = null }) ?? validator.Problem(command);
        Result<CheckOutcome> result = problem is not null ? problem : await handler.HandleAsync(command, cancellationToken);
        if (!result.Succeeded(out var outcome, out var failure))
        {
            return BookingEndpoint.Failed(http, failure);
        }

        return CheckAnswers.Of(http, command, outcome, input.Zone.Zone);
    }
}
