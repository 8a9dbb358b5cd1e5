using System.Security.Cryptography;
using System.Text;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Ids that look like Calendly's and never change: each is derived from the name of what it identifies.</summary>
internal static class EmulatedIds
{
    /// <summary>The id of a session in the data, for example <c>("ana", "tomorrow-nine")</c>; the names are in
    /// <see cref="AnaData"/> and <see cref="OtherData"/>.</summary>
    public static string Session(string account, string key) => Uuid($"session/{account}/{key}");

    /// <param name="number">0 for the first one who booked.</param>
    public static string Invitee(string account, string key, int number) => Uuid($"invitee/{account}/{key}/{number}");

    public static string EventType(string account, string key) => Uuid($"event-type/{account}/{key}");

    public static string Schedule(string account, string key) => Uuid($"schedule/{account}/{key}");

    /// <summary>The odd part of a single-use link, the same for the same number: <c>c4x9-fkb-7mq</c>.</summary>
    public static string Link(string eventTypeId, int number)
    {
        const string letters = "bcdfghjkmnpqrstvwxyz23456789cdfg";
        var text = string.Concat(Hash($"link/{eventTypeId}/{number}").Take(10).Select(part => letters[part % letters.Length]));
        return $"{text[..4]}-{text[4..7]}-{text[7..]}";
    }

    /// <summary>The id of a session that was booked after the world began.</summary>
    /// <param name="number">1 for the first.</param>
    public static string Booking(int number) => Uuid($"booking/{number}");

    public static string BookingInvitee(int number) => Uuid($"booking/{number}/invitee");

    /// <summary>Ids that look like any other and are nobody's.</summary>
    public static (string Session, string Invitee) Nobody(string name) => (Uuid($"nobody/{name}"), Uuid($"nobody/{name}/invitee"));

    /// <param name="number">1 for the first of a world.</param>
    public static string Subscription(int number) => Uuid($"webhook-subscription/{number}");

    public static string NoShow(string inviteeId) => Uuid($"no-show/{inviteeId}");

    /// <summary>0 to 999,999, fixed by the name: the odd microseconds of real time stamps.</summary>
    public static int Microseconds(string name) => (int)(BitConverter.ToUInt32(Hash(name), 0) % 1_000_000);

    private static string Uuid(string name)
    {
        var bytes = Hash(name)[..16];
        // Version 4 and variant 1, so that a strict parser takes it.
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"calendly-emulator/{name}"));
}
