namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Where booked events take place, as Calendly's JSON: every documented kind, and what a client has to survive.</summary>
internal static class Places
{
    public const string GoogleMeet = """{"type":"google_conference","status":"pushed","join_url":"https://calendly.com/events/meet-example/google_meet"}""";
    public const string GoogleInitiated = """{"type":"google_conference","status":"initiated","join_url":null}""";
    public const string GoogleFailed = """{"type":"google_conference","status":"failed","join_url":null}""";
    public const string GoogleForgotten = """{"type":"google_conference","status":null,"join_url":null}""";

    public const string Zoom = """
        {"type":"zoom","status":"pushed","join_url":"https://slices.zoom.example/j/81234567890","data":{"id":"81234567890","password":"tide42","settings":{"global_dial_in_numbers":[{"number":"+1 646 555 0134","country":"US","type":"toll","city":"New York","country_name":"United States"}]},"extra":{"intl_numbers_url":"https://slices.zoom.example/u/k1"}}}
        """;

    public const string ZoomProcessing = """{"type":"zoom","status":"processing","join_url":null,"data":null}""";

    /// <summary>A link that must never become one.</summary>
    public const string ZoomScript = """{"type":"zoom","status":"pushed","join_url":"javascript:alert(document.domain)","data":{"id":81234567891}}""";

    public const string GoToMeeting = """
        {"type":"gotomeeting","status":"pushed","join_url":"https://global.gotomeeting.example/join/123456789","data":{"uniqueMeetingId":123456789,"conferenceCallInfo":"United States: +1 (571) 555-0117\nAccess code: 123-456-789"}}
        """;

    public const string Teams = """
        {"type":"microsoft_teams_conference","status":"pushed","join_url":"https://teams.example/l/meetup-join/19","data":{"id":"19:meeting_example","audioConferencing":{"conferenceId":"552019","dialinUrl":"https://dialin.teams.example/552019","tollNumber":"+1 323 555 0166"}}}
        """;

    public const string TeamsWithoutAudio = """{"type":"microsoft_teams_conference","status":"pushed","join_url":"https://teams.example/l/meetup-join/20","data":{"id":"20:meeting_example","audioConferencing":null}}""";

    public const string Webex = """
        {"type":"webex_conference","status":"pushed","join_url":"https://slices.webex.example/meet/ana","data":{"id":"wbx-77","telephony":{"callInNumbers":[{"label":"US Toll","callInNumber":"+1 408 555 0199","tollType":"toll"}]},"password":"owl7"}}
        """;

    /// <summary>Not https: may be shown, must not be offered as a link.</summary>
    public const string WebexPlainHttp = """{"type":"webex_conference","status":"pushed","join_url":"http://slices.webex.example/meet/ana","data":{"id":"wbx-78","telephony":{"callInNumbers":[]},"password":null}}""";

    public const string Office = """{"type":"physical","location":"214 Harbor Street, Floor 3, New York","additional_info":"Ring the second bell."}""";
    public const string AskInvitee = """{"type":"ask_invitee","location":"The café across from your office"}""";
    public const string Custom = """{"type":"custom","location":"Signal, I will write first"}""";
    public const string CustomEmpty = """{"type":"custom","location":null}""";
    public const string CallMe = """{"type":"inbound_call","location":"+1 646 555 0148","additional_info":"Press 2 for coaching."}""";
    public const string CallYou = """{"type":"outbound_call","location":"+91 98 5555 0173"}""";
    public const string CallYouWithoutNumber = """{"type":"outbound_call","location":null}""";

    /// <summary>A kind that Calendly does not have yet.</summary>
    public const string Hologram = """{"type":"hologram","status":"pushed","projector":"B-12"}""";
}
