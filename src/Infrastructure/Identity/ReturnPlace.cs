namespace CalendlySlices.Infrastructure.Identity;

/// <summary>The pages that a person can be sent back to, by name: no address ever travels through a form or a state, so
/// none can be forged.</summary>
internal static class ReturnPlace
{
    public const string Today = "today";
    public const string Sessions = "sessions";
    public const string Connection = "connection";

    /// <summary>The path of a place; an unknown or missing name leads to Today.</summary>
    public static string PathOf(string? place) => place switch
    {
        Sessions => "/sessions",
        Connection => "/connection",
        _ => "/",
    };

    /// <summary>The name itself when it is one of the places, otherwise Today's.</summary>
    public static string NameOf(string? place) => place is Sessions or Connection ? place : Today;

    /// <summary>The place that a path of ours belongs to.</summary>
    public static string Of(PathString path) =>
        path.StartsWithSegments("/sessions") ? Sessions
        : path.StartsWithSegments("/connection") || path.StartsWithSegments("/status") ? Connection
        : Today;
}
