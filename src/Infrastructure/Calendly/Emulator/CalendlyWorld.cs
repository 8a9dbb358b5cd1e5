using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Everything that exists at the emulated Calendly. Not thread-safe: the emulator's lock guards it.</summary>
internal sealed class CalendlyWorld
{
    private readonly Dictionary<string, EmulatedAccount> _accountsById;
    private readonly Dictionary<string, EmulatedEvent> _eventsById;
    private readonly Dictionary<string, EmulatedEventType> _typesById;

    /// <param name="start">Every date in the data is an offset from this instant.</param>
    public CalendlyWorld(DateTimeOffset start)
    {
        Start = start;
        Accounts = WorldAccounts.All;
        _accountsById = Accounts.ToDictionary(account => account.Id, StringComparer.Ordinal);
        var books = WorldAccounts.Books(start);
        Events = [.. books.SelectMany(book => book.Events).OrderBy(booked => booked.Start).ThenBy(booked => booked.Id, StringComparer.Ordinal)];
        EventTypes = [.. books.SelectMany(book => book.EventTypes)];
        _eventsById = Events.ToDictionary(booked => booked.Id, StringComparer.Ordinal);
        _typesById = EventTypes.ToDictionary(type => type.Id, StringComparer.Ordinal);
    }

    public DateTimeOffset Start { get; }

    public IReadOnlyList<EmulatedAccount> Accounts { get; }

    /// <summary>Soonest first.</summary>
    public IReadOnlyList<EmulatedEvent> Events { get; }

    public IReadOnlyList<EmulatedEventType> EventTypes { get; }

    public EmulatedAccount? AccountByKey(string? key) => Accounts.FirstOrDefault(account => account.Key == key);

    public bool TryGetAccount(string id, [NotNullWhen(true)] out EmulatedAccount? account) => _accountsById.TryGetValue(id, out account);

    public bool TryGetEvent(string id, [NotNullWhen(true)] out EmulatedEvent? booked) => _eventsById.TryGetValue(id, out booked);

    public bool TryGetEventType(string id, [NotNullWhen(true)] out EmulatedEventType? type) => _typesById.TryGetValue(id, out type);
}
