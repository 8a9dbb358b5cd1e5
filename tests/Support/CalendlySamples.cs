using System.Text.Json.Nodes;

namespace CalendlySlices.Tests.Support;

/// <summary>Complete answers of Calendly's, as its documentation describes them; each call gives a fresh copy to spoil.</summary>
internal static class CalendlySamples
{
    public const string EventId = "5f0c1e52-8d3a-4c55-9b8e-1f6f0a7d2c31";
    public const string UserUri = "https://api.calendly.com/users/USRK4T7WQ2M9XB6L";

    public static JsonObject User() => Parse($$"""
        {"uri": "{{UserUri}}", "name": "Dana Okafor", "slug": "dana-okafor", "email": "dana@tidewater.example",
         "scheduling_url": "https://calendly.com/dana-okafor", "timezone": "Europe/Lisbon", "time_notation": "24h",
         "avatar_url": null, "created_at": "2025-02-11T09:14:03.118204Z", "updated_at": "2026-10-30T16:02:44.900113Z",
         "current_organization": "https://api.calendly.com/organizations/ORGP3N8VZ5C1HD7F", "resource_type": "User", "locale": "en"}
        """);

    public static JsonObject ScheduledEvent() => Parse($$"""
        {"uri": "https://api.calendly.com/scheduled_events/{{EventId}}", "name": "Site survey call",
         "meeting_notes_plain": null, "meeting_notes_html": null, "status": "active",
         "start_time": "2027-01-12T14:00:00.000000Z", "end_time": "2027-01-12T14:30:00.000000Z",
         "event_type": "https://api.calendly.com/event_types/7d0b7a52-3a51-4c0e-9d4f-2f6d1c8a9e10",
         "location": {"type": "zoom", "status": "pushed", "join_url": "https://tidewater.zoom.example/j/81234567890",
           "data": {"id": "81234567890", "password": "tide42"} },
         "invitees_counter": {"total": 1, "active": 1, "limit": 1},
         "created_at": "2026-11-20T10:15:00.123456Z", "updated_at": "2026-11-20T10:15:02.654321Z",
         "event_memberships": [{"user": "{{UserUri}}", "user_email": "dana@tidewater.example", "user_name": "Dana Okafor",
           "buffered_start_time": "2027-01-12T14:00:00.000000Z", "buffered_end_time": "2027-01-12T14:45:00.000000Z"}],
         "event_guests": [{"email": "guest@granito.example", "created_at": "2026-11-20T10:15:00Z", "updated_at": "2026-11-20T10:15:00Z"}],
         "calendar_event": {"kind": "google", "external_id": "k3v9example"} }
        """);

    public static JsonObject Invitee() => Parse($$"""
        {"uri": "https://api.calendly.com/scheduled_events/{{EventId}}/invitees/b9a0f6c4-2a6e-4c3f-8c0e-0f4f5a1f7d10",
         "email": "miguel@granito.example", "first_name": null, "last_name": null, "name": "Miguel Sarmento", "status": "active",
         "questions_and_answers": [{"question": "Roof area in square metres?", "answer": "140", "position": 0}],
         "timezone": "Europe/Madrid", "event": "https://api.calendly.com/scheduled_events/{{EventId}}",
         "created_at": "2026-11-20T10:15:00.123456Z", "updated_at": "2026-11-20T10:15:02.654321Z",
         "tracking": {"utm_campaign": "autumn", "utm_source": "site", "utm_medium": null, "utm_content": null, "utm_term": null, "salesforce_uuid": null},
         "text_reminder_number": null, "rescheduled": false, "old_invitee": null, "new_invitee": null,
         "cancel_url": "https://calendly.com/cancellations/b9a0", "reschedule_url": "https://calendly.com/reschedulings/b9a0",
         "routing_form_submission": null,
         "payment": {"external_id": "pi_1", "provider": "stripe", "amount": 12.5, "currency": "EUR", "terms": null, "successful": true},
         "no_show": null, "reconfirmation": null, "scheduling_method": null, "invitee_scheduled_by": null}
        """);

    public static JsonObject EventType() => Parse($$"""
        {"uri": "https://api.calendly.com/event_types/7d0b7a52-3a51-4c0e-9d4f-2f6d1c8a9e10", "name": "Site survey call",
         "active": true, "slug": "site-survey", "scheduling_url": "https://calendly.com/dana-okafor/site-survey", "duration": 30,
         "duration_options": null, "kind": "solo", "pooling_type": null, "type": "StandardEventType", "color": "#1a7f64",
         "created_at": "2025-03-01T08:00:00.000000Z", "updated_at": "2026-11-14T10:20:30.123456Z", "internal_note": null,
         "is_paid": false, "description_plain": "A short call.", "description_html": "<p>A short call.</p>",
         "profile": {"type": "User", "name": "Dana Okafor", "owner": "{{UserUri}}"}, "secret": false, "booking_method": "instant",
         "custom_questions": [{"name": "Roof area?", "type": "string", "position": 0, "enabled": true, "required": true,
           "answer_choices": [], "include_other": false}],
         "deleted_at": null, "admin_managed": false, "locations": [{"kind": "google_conference"}], "position": 0, "locale": "en",
         "start_time_increment": 30, "before_buffer": 0, "after_buffer": 15}
        """);

    public static JsonObject Cancellation() => Parse("""
        {"canceled_by": "Dana Okafor", "reason": "Storm warning", "canceler_type": "host", "created_at": "2026-11-21T08:00:00.000000Z"}
        """);

    public static JsonObject Tokens() => Parse($$"""
        {"token_type": "Bearer", "access_token": "access-marker", "refresh_token": "refresh-marker",
         "scope": "users:read scheduled_events:write", "created_at": 1795300000, "expires_in": 7200,
         "owner": "{{UserUri}}", "organization": "https://api.calendly.com/organizations/ORGP3N8VZ5C1HD7F"}
        """);

    public static string Resource(JsonNode? resource) => new JsonObject { ["resource"] = resource }.ToJsonString();

    public static string Page(params JsonNode?[] items) => new JsonObject
    {
        ["collection"] = new JsonArray(items),
        ["pagination"] = Parse("""{"count": 1, "next_page": null, "previous_page": null, "next_page_token": "next", "previous_page_token": null}"""),
    }.ToJsonString();

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
