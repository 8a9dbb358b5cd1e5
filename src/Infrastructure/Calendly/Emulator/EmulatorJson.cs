using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Writes Calendly's JSON, every documented field in its place. Source: https://developer.calendly.com/openapi/calendly-api.json</summary>
internal static class EmulatorJson
{
    // JSON is never put into a page by the emulator, so text may stay as it is.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Resource(byte[] resource) => [.. "{\"resource\":"u8, .. resource, (byte)'}'];

    /// <summary>A list answer around rows that are written already.</summary>
    public static byte[] List(ReadOnlySpan<byte[]> rows, string? nextPage, string? previousPage, string? nextToken, string? previousToken)
    {
        var count = rows.Length;
        var end = Write(json =>
        {
            json.WriteStartObject("pagination"u8);
            json.WriteNumber("count"u8, count);
            json.WriteString("next_page"u8, nextPage);
            json.WriteString("previous_page"u8, previousPage);
            json.WriteString("next_page_token"u8, nextToken);
            json.WriteString("previous_page_token"u8, previousToken);
            json.WriteEndObject();
        });
        var size = ListStart.Length + Math.Max(0, count - 1) + ListEnd.Length + end.Length - 1;
        foreach (var row in rows)
        {
            size += row.Length;
        }

        // Pieced together by hand: a writer would copy some 25 kB several times over while its buffer grows.
        var list = new byte[size];
        var at = Put(list, 0, ListStart);
        for (var index = 0; index < count; index++)
        {
            if (index > 0)
            {
                list[at++] = (byte)',';
            }

            at = Put(list, at, rows[index]);
        }

        at = Put(list, at, ListEnd);
        Put(list, at, end.AsSpan(1));
        return list;
    }

    public static byte[] User(EmulatedAccount account) => Write(json =>
    {
        json.WriteString("uri", account.Uri);
        json.WriteString("name", account.Name);
        json.WriteString("slug", account.Key);
        json.WriteString("email", account.Email);
        json.WriteString("scheduling_url", $"https://calendly.com/{account.Key}");
        json.WriteString("timezone", account.Zone.Id);
        json.WriteString("time_notation", account.TimeNotation);
        json.WriteNull("avatar_url");
        json.WriteString("created_at", "2024-02-11T09:14:03.118204Z");
        json.WriteString("updated_at", "2025-10-30T16:02:44.900113Z");
        json.WriteString("current_organization", account.OrganizationUri);
        json.WriteString("resource_type", "User");
        json.WriteString("locale", account.Locale);
    });

    public static byte[] EventType(EmulatedEventType type) => Write(json =>
    {
        json.WriteString("uri", type.Uri);
        json.WriteString("name", type.Name);
        json.WriteBoolean("active", type.Active);
        json.WriteString("slug", type.IsOneOff ? null : type.Slug);
        json.WriteString("scheduling_url", type.SchedulingUrl);
        json.WriteNumber("duration", type.Minutes);
        WriteNumbers(json, "duration_options", type.MinuteOptions);
        json.WriteString("kind", type.Seats > 1 ? "group" : "solo");
        json.WriteString("pooling_type", type.Pooling);
        json.WriteString("type", type.IsOneOff ? "AdhocEventType" : "StandardEventType");
        json.WriteString("color", type.Color);
        json.WriteString("created_at", Time(type.CreatedAt));
        json.WriteString("updated_at", Time(type.UpdatedAt));
        json.WriteString("internal_note", type.InternalNote);
        json.WriteBoolean("is_paid", false);
        json.WriteString("description_plain", type.Description);
        json.WriteString("description_html", type.Description is null ? null : $"<p>{HtmlEncoder.Default.Encode(type.Description)}</p>");
        json.WriteStartObject("profile");
        json.WriteString("type", type.Pooling is null ? "User" : "Team");
        json.WriteString("name", type.Pooling is null ? type.Owner.Name : "Slices Coaching");
        json.WriteString("owner", type.Owner.Uri);
        json.WriteEndObject();
        json.WriteBoolean("secret", type.Secret);
        json.WriteString("booking_method", "instant");
        json.WriteStartArray("custom_questions");
        for (var position = 0; position < type.Questions.Count; position++)
        {
            WriteQuestion(json, type.Questions[position], position);
        }

        json.WriteEndArray();
        json.WriteString("deleted_at", type.DeletedAt is { } deletedAt ? Time(deletedAt) : null);
        json.WriteBoolean("admin_managed", false);
        json.WriteStartArray("locations");
        foreach (var location in type.Locations)
        {
            json.WriteRawValue(location);
        }

        json.WriteEndArray();
        json.WriteNumber("position", type.Position);
        json.WriteString("locale", type.Locale);
        if (type.IsOneOff)
        {
            json.WriteNull("start_time_increment");
        }
        else
        {
            json.WriteNumber("start_time_increment", type.StartTimeIncrement);
        }

        json.WriteNumber("before_buffer", type.BeforeBuffer);
        json.WriteNumber("after_buffer", type.AfterBuffer);
    });

    public static byte[] Event(EmulatedEvent booked) => Write(json => WriteEvent(json, booked, isWhole: true));

    public static byte[] Invitee(EmulatedInvitee invitee) => Write(json => WriteInvitee(json, invitee));

    public static byte[] NoShow(EmulatedInvitee invitee) => Write(json =>
    {
        json.WriteString("uri", NoShowUri(invitee));
        json.WriteString("invitee", invitee.Uri);
        json.WriteString("created_at", Time(invitee.NoShowAt!.Value));
    });

    /// <param name="isWhole">False leaves out what deliveries do not have: the calendar entry, and the hosts' buffers.</param>
    public static void WriteEvent(Utf8JsonWriter json, EmulatedEvent booked, bool isWhole)
    {
        json.WriteString("uri", booked.Uri);
        json.WriteString("name", booked.Name);
        json.WriteString("meeting_notes_plain", booked.Notes);
        json.WriteString("meeting_notes_html", booked.Notes is null ? null : $"<p>{HtmlEncoder.Default.Encode(booked.Notes)}</p>");
        json.WriteString("status", booked.Cancellation is null ? "active" : "canceled");
        json.WriteString("start_time", Time(booked.Start));
        json.WriteString("end_time", Time(booked.End));
        json.WriteString("event_type", booked.Type.Uri);
        WriteRaw(json, "location", booked.Location);
        json.WriteStartObject("invitees_counter");
        json.WriteNumber("total", booked.Invitees.Count);
        json.WriteNumber("active", booked.Invitees.Count(invitee => invitee.IsActive));
        json.WriteNumber("limit", booked.Type.Seats);
        json.WriteEndObject();
        json.WriteString("created_at", Time(booked.CreatedAt));
        json.WriteString("updated_at", Time(booked.UpdatedAt));
        json.WriteStartArray("event_memberships");
        foreach (var host in booked.Hosts)
        {
            json.WriteStartObject();
            json.WriteString("user", host.Uri);
            json.WriteString("user_email", host.Email);
            json.WriteString("user_name", host.Name);
            if (isWhole)
            {
                json.WriteString("buffered_start_time", Time(booked.Start.AddMinutes(-booked.Type.BeforeBuffer)));
                json.WriteString("buffered_end_time", Time(booked.End.AddMinutes(booked.Type.AfterBuffer)));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("event_guests");
        foreach (var guest in booked.Guests)
        {
            json.WriteStartObject();
            json.WriteString("email", guest);
            json.WriteString("created_at", Time(booked.CreatedAt));
            json.WriteString("updated_at", Time(booked.CreatedAt));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (isWhole)
        {
            json.WriteStartObject("calendar_event");
            json.WriteString("kind", "google");
            json.WriteString("external_id", booked.Id.Replace("-", string.Empty, StringComparison.Ordinal)[..20]);
            json.WriteEndObject();
        }

        if (booked.Cancellation is { } cancellation)
        {
            json.WriteStartObject("cancellation");
            WriteCancellation(json, cancellation);
            json.WriteEndObject();
        }
    }

    public static void WriteInvitee(Utf8JsonWriter json, EmulatedInvitee invitee)
    {
        json.WriteString("uri", invitee.Uri);
        json.WriteString("email", invitee.Email);
        json.WriteString("first_name", invitee.FirstName);
        json.WriteString("last_name", invitee.LastName);
        json.WriteString("name", invitee.Name);
        json.WriteString("status", invitee.IsActive ? "active" : "canceled");
        json.WriteStartArray("questions_and_answers");
        for (var position = 0; position < invitee.Answers.Count; position++)
        {
            json.WriteStartObject();
            json.WriteString("question", invitee.Answers[position].Question);
            json.WriteString("answer", invitee.Answers[position].Answer);
            json.WriteNumber("position", position);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("timezone", invitee.Zone);
        json.WriteString("event", invitee.EventUri);
        json.WriteString("created_at", Time(invitee.CreatedAt));
        json.WriteString("updated_at", Time(invitee.UpdatedAt));
        json.WriteStartObject("tracking");
        json.WriteString("utm_campaign", invitee.Tracking.Campaign);
        json.WriteString("utm_source", invitee.Tracking.Source);
        json.WriteString("utm_medium", invitee.Tracking.Medium);
        json.WriteString("utm_content", invitee.Tracking.Content);
        json.WriteString("utm_term", invitee.Tracking.Term);
        json.WriteString("salesforce_uuid", invitee.Tracking.SalesforceUuid);
        json.WriteEndObject();
        json.WriteString("text_reminder_number", invitee.TextReminderNumber);
        json.WriteBoolean("rescheduled", invitee.NewInvitee is not null);
        json.WriteString("old_invitee", invitee.OldInvitee);
        json.WriteString("new_invitee", invitee.NewInvitee);
        json.WriteString("cancel_url", $"https://calendly.com/cancellations/{invitee.Id}");
        json.WriteString("reschedule_url", $"https://calendly.com/reschedulings/{invitee.Id}");
        json.WriteNull("routing_form_submission");
        if (invitee.Cancellation is { } cancellation)
        {
            json.WriteStartObject("cancellation");
            WriteCancellation(json, cancellation);
            json.WriteEndObject();
        }

        WriteRaw(json, "payment", invitee.Payment);
        if (invitee.NoShowAt is { } noShowAt)
        {
            json.WriteStartObject("no_show");
            json.WriteString("uri", NoShowUri(invitee));
            json.WriteString("created_at", Time(noShowAt));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("no_show");
        }

        json.WriteNull("reconfirmation");
        json.WriteString("scheduling_method", invitee.ByApi ? "api" : null);
        json.WriteNull("invitee_scheduled_by");
    }

    public static byte[] Cancellation(EmulatedCancellation cancellation) => Write(json => WriteCancellation(json, cancellation));

    public static string Time(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> ListStart => "{\"collection\":["u8;

    private static ReadOnlySpan<byte> ListEnd => "],"u8;

    private static int Put(byte[] list, int at, ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(list.AsSpan(at));
        return at + piece.Length;
    }

    private static void WriteCancellation(Utf8JsonWriter json, EmulatedCancellation cancellation)
    {
        json.WriteString("canceled_by", cancellation.By);
        json.WriteString("reason", cancellation.Reason);
        json.WriteString("canceler_type", cancellation.ByHost ? "host" : "invitee");
        json.WriteString("created_at", Time(cancellation.CreatedAt));
    }

    private static void WriteQuestion(Utf8JsonWriter json, EmulatedQuestion question, int position)
    {
        json.WriteStartObject();
        json.WriteString("name", question.Name);
        json.WriteString("type", question.Type);
        json.WriteNumber("position", position);
        json.WriteBoolean("enabled", true);
        json.WriteBoolean("required", question.Required);
        json.WriteStartArray("answer_choices");
        foreach (var choice in question.Choices)
        {
            json.WriteStringValue(choice);
        }

        json.WriteEndArray();
        json.WriteBoolean("include_other", false);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<int>? numbers)
    {
        if (numbers is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteRaw(Utf8JsonWriter json, string name, string? value)
    {
        json.WritePropertyName(name);
        if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteRawValue(value);
        }
    }

    private static string NoShowUri(EmulatedInvitee invitee) => CalendlyUri.For("invitee_no_shows", EmulatedIds.NoShow(invitee.Id));
}
