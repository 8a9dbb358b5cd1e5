namespace CalendlySlices.Infrastructure.Identity;

/// <summary>How a persona's Calendly connection stands when a mock world begins.</summary>
internal enum PersonaConnection
{
    None,
    Connected,

    /// <summary>Connected, but without the permission to cancel.</summary>
    CannotCancel,

    /// <summary>Connected once; both tokens are dead by now.</summary>
    Dead,
}

/// <param name="Key">How tests name the persona; also the account's name in the emulator.</param>
/// <param name="Zone">An IANA zone.</param>
internal sealed record Persona(string Key, string Name, Role Role, string Zone, PersonaConnection Connection, string Story)
{
    /// <summary>The persona whose calendar this one sees when a mock world begins.</summary>
    public string? DelegateOf { get; init; }

    public string UserId => $"persona:{Key}";

    public string Initials => string.Concat(Name.Split(' ').Take(2).Select(part => part[0]));
}

/// <summary>The people of mock mode. Nobody real has these names.</summary>
internal static class Personas
{
    public static readonly IReadOnlyList<Persona> All =
    [
        new("ana", "Ana Ruiz", Role.Coach, "America/New_York", PersonaConnection.Connected, "Connected, a full diary"),
        new("priya", "Priya Nair", Role.Coach, "Asia/Kolkata", PersonaConnection.Connected, "Connected, group sessions"),
        new("tom", "Tom Wells", Role.Coach, "Europe/London", PersonaConnection.Dead, "Calendly has ended our access"),
        new("mei", "Mei Tanaka", Role.Coach, "Australia/Sydney", PersonaConnection.None, "Has never connected"),
        new("olu", "Olu Adeyemi", Role.Coach, "America/Los_Angeles", PersonaConnection.CannotCancel, "Connected, may not cancel"),
        new("rita", "Rita Campos", Role.Realtor, "America/Phoenix", PersonaConnection.None, "Books sessions with coaches"),
        new("luca", "Luca Ferri", Role.Realtor, "Europe/London", PersonaConnection.None, "New here"),
        new("dora", "Dora Haugen", Role.Delegate, "America/New_York", PersonaConnection.None, "Sees Ana’s calendar, view only") { DelegateOf = "ana" },
        new("adam", "Adam Novak", Role.Admin, "Etc/UTC", PersonaConnection.None, "Looks after the rest"),
    ];

    /// <summary>For a row of the <c>User</c> table; null when it is not a persona's.</summary>
    public static Persona? OfUserId(string? userId) => All.FirstOrDefault(persona => persona.UserId == userId);

    public static Persona? Find(string? key) => All.FirstOrDefault(persona => persona.Key == key);
}
