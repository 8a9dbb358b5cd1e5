namespace CalendlySlices.Infrastructure.Identity;

/// <summary>The pages that a person can be sent back to, by name: no address ever travels through a form or a state, so
/// none can be forged.</summary>
internal static class ReturnPlace
{
    public const string Today = "today";
    public const string Sessions = "sessions";
    public const string EventTypes = "event-types";
    public const string FreeTimes = "free-times";
    public const string Schedules = "schedules";
    public const string Connection = "connection";
    public const string Invitation = "delegates/accept";
    public const string Delegates = "delegates";
    public const string Card = "card";
    public const string Bookings = "bookings";

    // Every name but Today's is its path without the slash.
    private static readonly string[] Named = [Sessions, EventTypes, FreeTimes, Schedules, Connection, Invitation, Delegates, Card, Bookings];

    /// <summary>The path of a place; an unknown or missing name leads to Today.</summary>
    public static string PathOf(string? place) => NameOf(place) is var name && name == Today ? "/" : $"/{name}";

    /// <summary>The name itself when it is one of the places, otherwise Today's.</summary>
    public static string NameOf(string? place) => Named.FirstOrDefault(name => name == place) ?? Today;

    /// <summary>The place that a path of ours belongs to.</summary>
    public static string Of(PathString path) =>
        path.StartsWithSegments("/status") ? Connection
        : Named.FirstOrDefault(name => path.StartsWithSegments($"/{name}")) ?? Today;

    /// <summary>The connection page, which leads back to the place when all is well.</summary>
    public static string ConnectUrl(string place) => $"/connection?place={place}";
}
