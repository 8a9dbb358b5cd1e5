namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Who did not come. Source:
/// https://developer.calendly.com/api-docs/calendly-api/scheduled-events/create-invitee-no-show ; how its refusals are worded
/// is not documented.</summary>
internal sealed class NoShowsApi(BookingDesk desk)
{
    public EmulatorAnswer Create(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("invitee");
        var uri = body.Text("invitee");
        if (body.HasProblems || uri is null)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        if (desk.World.InviteeById(CalendlyUri.LastSegment(uri)) is not { } found || found.Invitee.Uri != uri)
        {
            return ApiErrors.NotFound();
        }

        if (!caller.MaySee(found.Session))
        {
            return Denied();
        }

        return desk.MarkNoShow(found.Session, found.Invitee, isNoShow: true, now)
            ? new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(EmulatorJson.NoShow(found.Invitee)))
            : ApiErrors.Invalid("invitee", "cannot be marked as a no-show");
    }

    public EmulatorAnswer Get(ApiCaller caller, string id) => desk.World.InviteeByNoShow(id) is not { } found ? ApiErrors.NotFound()
        : caller.MaySee(found.Session) ? EmulatorAnswer.Ok(EmulatorJson.NoShow(found.Invitee))
        : Denied();

    public EmulatorAnswer Delete(ApiCaller caller, string id, DateTimeOffset now)
    {
        if (desk.World.InviteeByNoShow(id) is not { } found)
        {
            return ApiErrors.NotFound();
        }

        if (!caller.MaySee(found.Session))
        {
            return Denied();
        }

        return desk.MarkNoShow(found.Session, found.Invitee, isNoShow: false, now)
            ? new EmulatorAnswer(StatusCodes.Status204NoContent, default)
            : Denied();
    }

    private static EmulatorAnswer Denied() => ApiErrors.Denied("You do not have permission to access this resource.");
}
