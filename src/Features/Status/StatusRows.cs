using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Features.Status;

/// <summary>Turns the facts into the rows of the health page, each with its verdict.</summary>
internal static class StatusRows
{
    public const string Account = "account";
    public const string Token = "token";
    public const string Scopes = "scopes";
    public const string Calls = "calls";
    public const string LiveUpdates = "live-updates";
    public const string List = "list";
    public const string Clock = "clock";
    public const string Errors = "errors";

    /// <summary>The names of the rows, in the order in which they stand.</summary>
    public static readonly IReadOnlyList<string> Keys = [Account, Token, Scopes, Calls, LiveUpdates, List, Clock, Errors];

    private const string ReadUser = "GET /users/{id}";
    private const string ReadSessions = "GET /scheduled_events";
    private const string ReadEventTypes = "GET /event_types";
    private const string NotSinceStart = "not since the application started";
    private const string OursToMend = "The fault is our server's, not yours and not Calendly's. Tell whoever looks after this application.";

    private static readonly TimeSpan BarelyOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TooFarOff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<StatusRow> All(StatusFacts facts) => [.. Keys.Select(key => Of(key, facts))];

    /// <summary>Throws for a key that is none of <see cref="Keys"/>.</summary>
    public static StatusRow Of(string key, StatusFacts facts) => key switch
    {
        Account => AccountRow(facts),
        Token => TokenRow(facts),
        Scopes => ScopesRow(facts),
        Calls => CallsRow(facts),
        LiveUpdates => LiveUpdatesRow(facts),
        List => ListRow(facts),
        Clock => ClockRow(facts),
        Errors => ErrorsRow(facts),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    private static StatusRow AccountRow(StatusFacts facts)
    {
        const string name = "Account";
        if (facts.Connection is not { } connection)
        {
            return new(Account, name, Verdict.Unknown, "None is connected") { IsUnused = true };
        }

        var value = connection.Profile is { } profile ? $"{profile.Name}, {profile.Email}" : "Connected, but not read yet";
        var last = facts.Outcome(ReadUser);
        return connection.Status == ConnectionStatus.NeedsReconnect
            ? new(Account, name, Verdict.Attention, value, "Your account at Calendly is fine; only our access to it has ended.", ("connected", connection.ConnectedAt))
            : last?.Failure is { } failure ? new(Account, name, Weight(failure), value, failure.DefaultMessage(), ("asked in vain", last.At))
            : new(Account, name, connection.Profile is null ? Verdict.Attention : Verdict.Good, value, null, last is null ? ("connected", connection.ConnectedAt) : ("confirmed", last.At));
    }

    // Having to wait a moment is nobody's failure.
    private static Verdict Weight(FailureCode failure) => failure == FailureCode.RateLimited ? Verdict.Attention : Verdict.Bad;

    private static StatusRow TokenRow(StatusFacts facts)
    {
        const string name = "Access";
        if (facts.Connection is not { } connection)
        {
            return new(Token, name, Verdict.Unknown, "None") { IsUnused = true };
        }

        var ends = StatusWords.Until(connection.ExpiresAt, facts.Now, facts.Zone);
        return connection.Status switch
        {
            ConnectionStatus.NeedsReconnect => new(
                Token, name, Verdict.Bad, "Ended by Calendly", "Nobody here did anything wrong, and nothing is lost. Reconnect to go on.", ("ended", connection.StatusSince))
            {
                Action = ("/connection", "Reconnect"),
            },
            ConnectionStatus.Degraded => new(
                Token, name, Verdict.Attention, $"Works until {ends} and cannot be renewed", "Calendly has ended our access. Everything works until then; reconnect before it ends.", ("renewed", connection.RefreshedAt))
            {
                Action = ("/connection", "Reconnect"),
            },
            _ => new(Token, name, Verdict.Good, Renewal(connection, facts.Now), null, connection.ExpiresAt > facts.Now ? ("good until", connection.ExpiresAt) : ("ended", connection.ExpiresAt)),
        };
    }

    private static string Renewal(Connection connection, DateTimeOffset now)
    {
        var renewed = $"Renewed {StatusWords.Ago(connection.RefreshedAt, now)}";
        return connection.RefreshAfter > now ? $"{renewed}, next in {StatusWords.Ahead(connection.RefreshAfter - now)}" : $"{renewed}, next with the next call";
    }

    private static StatusRow ScopesRow(StatusFacts facts)
    {
        const string name = "Permissions";
        if (facts.Connection is not { } connection)
        {
            return new(Scopes, name, Verdict.Unknown, "None") { IsUnused = true };
        }

        IReadOnlyList<HeldScope> scopes = [.. RequestedScopes.All.Select(scope => new HeldScope(scope, StatusWords.Scopes[scope], connection.Allows(scope)))];
        var isGood = connection.Status == ConnectionStatus.Connected;
        var missing = scopes.Where(scope => !scope.IsHeld).Select(scope => scope.Words).ToList();
        if (missing.Count == 1 && !connection.Allows(RequestedScopes.LiveUpdates))
        {
            return new(
                Scopes, name, Verdict.Good, $"All but one of {scopes.Count}", "Only live updates need the other one. Everything works without them, a little later.", ("granted", connection.ConnectedAt))
            {
                Scopes = scopes,
            };
        }

        return missing.Count == 0
            ? new(Scopes, name, Verdict.Good, $"All {scopes.Count} that are needed", null, ("granted", connection.ConnectedAt)) { Scopes = scopes }
            : new(
                Scopes,
                name,
                Verdict.Attention,
                $"{scopes.Count - missing.Count} of {scopes.Count} that are needed",
                $"Not allowed: {string.Join("; ", missing)}. It was left out when you connected. {(isGood ? "Everything else works; r" : "R")}econnect and allow it.",
                ("granted", connection.ConnectedAt))
            {
                Scopes = scopes,
                Action = isGood ? ("/connection", "Reconnect with more permissions") : null,
            };
    }

    private static StatusRow CallsRow(StatusFacts facts)
    {
        const string name = "Calls this minute";
        var allowance = facts.Calls.Allowance;
        (string, DateTimeOffset)? counted = allowance is null ? null : ("counted", allowance.SeenAt);
        var value = allowance is null ? "Not known yet" : $"{Left(allowance, facts.Now)} of {allowance.Limit} left";
        return facts switch
        {
            { Connection: null } => new(Calls, name, Verdict.Unknown, "None") { IsUnused = true },
            { Status.TroubleSince: { } since } => new(
                Calls, name, Verdict.Bad, value, $"Calls are failing since {StatusWords.Moment(since, facts.Zone)}. The trouble is at Calendly or on the way there.", counted),
            { SlowedUntil: { } until } => new(
                Calls, name, Verdict.Attention, "None for now", "Calendly asks us to wait: there were too many calls for your account within a minute.", counted)
            {
                Until = until,
            },
            _ when allowance is null => new(Calls, name, Verdict.Unknown, value, "Calendly says how many are left whenever it answers.", Never: "no call yet"),
            _ when Left(allowance, facts.Now) * 10 < allowance.Limit => new(
                Calls, name, Verdict.Attention, value, $"Calendly counts anew at {StatusWords.Until(allowance.ResetsAt, facts.Now, facts.Zone)}; until then it may ask us to wait.", counted),
            _ => new(Calls, name, Verdict.Good, value, allowance.Limit <= 50 ? "Calendly's free plan allows 50 a minute." : null, counted),
        };
    }

    private static int Left(CallAllowance allowance, DateTimeOffset now) => now >= allowance.ResetsAt ? allowance.Limit : allowance.Remaining;

    private static StatusRow LiveUpdatesRow(StatusFacts facts)
    {
        const string name = "Live updates";
        var live = facts.LiveUpdates;
        (string, DateTimeOffset)? delivered = live.LastDeliveryAt is { } at ? ("last delivery", at) : null;
        var gap = live.LastGapFilledAt is { } filled ? $"Last gap filled {StatusWords.Moment(filled, facts.Zone)}." : string.Empty;
        var why = LiveUpdateWords.Why(live, facts);
        return live.State switch
        {
            LiveUpdateState.On => new(
                LiveUpdates, name, live.FailingSince is null ? Verdict.Good : Verdict.Attention, "On", LiveUpdateWords.Sentences(gap, why), delivered, "no delivery yet"),
            LiveUpdateState.Stopped => new(
                LiveUpdates,
                name,
                Verdict.Attention,
                live.Since is { } since ? $"Off since {StatusWords.Until(since, facts.Now, facts.Zone)}" : "Off",
                LiveUpdateWords.Sentences(why, LiveUpdateWords.Instead(live), gap),
                delivered,
                "no delivery yet")
            {
                Action = LiveUpdateWords.Link(live),
                CanTurnOn = LiveUpdateWords.CanTurnOn(live),
            },
            _ => new(LiveUpdates, name, Verdict.Unknown, "Live updates are not on", LiveUpdateWords.Sentences(why, LiveUpdateWords.Instead(live), gap), delivered, "no delivery")
            {
                IsUnused = true,
                Action = LiveUpdateWords.Link(live),
                CanTurnOn = LiveUpdateWords.CanTurnOn(live),
            },
        };
    }

    private static StatusRow ListRow(StatusFacts facts)
    {
        const string name = "List of sessions";
        if (facts.Connection is not { } connection)
        {
            return new(List, name, Verdict.Unknown, "None") { IsUnused = true };
        }

        if (!connection.Allows("scheduled_events:read"))
        {
            return new(List, name, Verdict.Attention, "Not allowed", "The permission to read sessions was left out. Reconnect and allow it.", Never: "never") { Action = ("/connection", "Reconnect with more permissions") };
        }

        var sessions = facts.Outcome(ReadSessions);
        (string, DateTimeOffset)? read = sessions?.SucceededAt is { } at ? ("read", at) : null;
        var value = read is null ? "Not read yet" : "Read from Calendly";
        var types = facts.Outcome(ReadEventTypes)?.SucceededAt is { } typesAt
            ? $"Event types were read {StatusWords.Moment(typesAt, facts.Zone)}."
            : $"Event types: {NotSinceStart}.";
        return sessions?.Failure is { } failure
            ? new(List, name, Weight(failure), read is null ? "Could not be read" : "Could not be read again", failure.DefaultMessage(), read ?? ("asked in vain", sessions.At))
            : new(List, name, read is null ? Verdict.Unknown : Verdict.Good, value, types, read, NotSinceStart);
    }

    private static StatusRow ClockRow(StatusFacts facts)
    {
        const string name = "Clocks";
        if (facts.Clock is not { } reading)
        {
            return new(Clock, name, Verdict.Unknown, "Not known yet", "Calendly tells its time whenever it answers.", Never: "no call yet");
        }

        var apart = reading.Ahead.Duration();
        var value = apart <= reading.Margin
            ? $"Ours and Calendly's agree, give or take {StatusWords.Seconds(reading.Margin)}"
            : $"Ours is {ZonedWhole(apart)} {(reading.Ahead > TimeSpan.Zero ? "ahead of" : "behind")} Calendly's";
        var surely = apart - reading.Margin;
        return surely > TooFarOff
            ? new(Clock, name, Verdict.Bad, value, $"{OursToMend} Until then access may end too early, and what is free may be shown wrong by as much.", ("measured", reading.At))
            : surely > BarelyOff
                ? new(Clock, name, Verdict.Attention, value, $"{OursToMend} Everything works.", ("measured", reading.At))
                : new(Clock, name, Verdict.Good, value, null, ("measured", reading.At));
    }

    private static string ZonedWhole(TimeSpan span) => span < TimeSpan.FromMinutes(2)
        ? $"{(int)Math.Round(span.TotalSeconds)} s"
        : StatusWords.Ahead(span);

    private static StatusRow ErrorsRow(StatusFacts facts)
    {
        const string name = "Last errors";
        var errors = facts.Calls.Errors;
        return errors.IsEmpty
            ? new(Errors, name, Verdict.Good, "None", Never: "since the application started")
            : new(
                Errors,
                name,
                facts.Now - errors[0].At < Lately ? Verdict.Attention : Verdict.Good,
                errors.Count == 1 ? "One call failed" : errors.Count == CallRecords.ErrorsKept ? $"The last {errors.Count}" : $"{errors.Count} calls failed",
                "If you ask for help, quote the reference.",
                ("the newest", errors[0].At))
            {
                Errors = errors,
            };
    }
}
