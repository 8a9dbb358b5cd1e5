using CalendlySlices.Infrastructure.Calendly.Emulator.Widget;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>
/// A small, strict Calendly in memory: one world of accounts, sessions and tokens, whose time is the clock it is given.
/// Two worlds with the same start answer byte for byte alike. Thread-safe.
/// </summary>
internal sealed class CalendlyEmulator
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly EmulatorJournal _journal = new();
    private CalendlyWorld _world;
    private TokenLedger _ledger;
    private BookingDesk _desk;
    private EmulatorApi _api;
    private EmulatorOAuth _oauth;

    public CalendlyEmulator(TimeProvider clock, EmulatorOptions? options = null)
    {
        _clock = clock;
        Webhooks = new EmulatedWebhooks(clock);
        Options = options ?? new EmulatorOptions();
        (_world, _ledger, _desk, _api, _oauth) = NewWorld();
    }

    public EmulatorOptions Options { get; }

    /// <summary>The time of this world.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Who is told of what happens.</summary>
    public EmulatedWebhooks Webhooks { get; }

    public EmulatorFaults Faults { get; } = new();

    /// <summary>What the stand-in for Calendly's booking page does otherwise than usual.</summary>
    public WidgetKnobs Knobs { get; } = new();

    /// <summary>The instant from which every date in the data is counted.</summary>
    public DateTimeOffset WorldStart
    {
        get
        {
            lock (_gate)
            {
                return _world.Start;
            }
        }
    }

    /// <summary>A copy, oldest call first.</summary>
    public IReadOnlyList<JournalEntry> Journal
    {
        get
        {
            lock (_gate)
            {
                return _journal.Entries;
            }
        }
    }

    /// <summary>Calls to the token endpoint since the last reset, refused ones included.</summary>
    public long TokenCalls
    {
        get
        {
            lock (_gate)
            {
                return _oauth.TokenCalls;
            }
        }
    }

    /// <summary>How often a refresh token that had been traded came again, since the last reset.</summary>
    public long SpentRefreshTokensPresented
    {
        get
        {
            lock (_gate)
            {
                return _oauth.SpentRefreshTokensPresented;
            }
        }
    }

    /// <summary>
    /// Answers at once, unless a fault says otherwise. Throws <see cref="HttpRequestException"/> where a fault loses the
    /// connection.
    /// </summary>
    public Task<EmulatorAnswer> HandleAsync(EmulatorCall call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<EmulatorAnswer>(cancellationToken);
        }

        return Faults.Take(call.Method, call.Path) is { } fault ? SpoilAsync(call, fault, cancellationToken) : Task.FromResult(Process(call, null));
    }

    /// <summary>Rebuilds the world at the clock's now: data as new, no tokens, no subscriptions, no faults, an empty journal.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Webhooks.Clear();
            (_world, _ledger, _desk, _api, _oauth) = NewWorld();
            _journal.Reset();
            Faults.Clear();
            Knobs.Clear();
        }
    }

    public void ClearJournal()
    {
        lock (_gate)
        {
            _journal.Clear();
        }
    }

    /// <summary>A connection as if the account had allowed it, so long ago.</summary>
    /// <param name="account">A key such as <c>ana</c>; throws for one that has no account.</param>
    /// <param name="scopes">Null grants <see cref="CalendlyScopes.Usual"/>.</param>
    public EmulatedGrant Grant(string account, IReadOnlyCollection<string>? scopes = null, TimeSpan? age = null) =>
        Grant(account, scopes, age ?? TimeSpan.Zero, isDead: false);

    /// <summary>A connection that cannot be saved: the access token has expired and the refresh token was revoked.</summary>
    public EmulatedGrant GrantDead(string account) => Grant(account, null, TokenLedger.AccessLifetime + TimeSpan.FromHours(1), isDead: true);

    /// <summary>Notes a call that wanted to leave the process.</summary>
    public void NoteRefusedHost(string method, string address)
    {
        lock (_gate)
        {
            _journal.Add(_clock.GetUtcNow(), method, address, string.Empty, default, 0, null);
        }
    }

    /// <summary>The account's calendar outside Calendly gets an entry. Throws for a key that has no account, and for an end
    /// that is not after the start.</summary>
    public void AddBusy(string account, DateTimeOffset start, DateTimeOffset end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        lock (_gate)
        {
            _world.Add(new BusyBlock(Find(account), BusyKind.External, start, end));
        }
    }

    /// <summary>Lets somebody act at Calendly's own pages. Nothing else happens in the world meanwhile, and nothing of it may be
    /// kept.</summary>
    /// <param name="act">Given the world's now.</param>
    public T At<T>(Func<BookingDesk, DateTimeOffset, T> act) => At(act, tells: true).Done;

    /// <summary>The same, and the deliveries that it causes.</summary>
    /// <param name="tells">False lets nobody know of it.</param>
    public (T Done, IReadOnlyList<EmulatedDelivery> Deliveries) At<T>(Func<BookingDesk, DateTimeOffset, T> act, bool tells)
    {
        lock (_gate)
        {
            var done = act(_desk, _clock.GetUtcNow());
            var notices = _world.TakeNotices();
            return (done, tells ? Webhooks.Tell(notices) : []);
        }
    }

    /// <summary>Ends the account's access tokens before their time; its refresh tokens stay. Throws for a key that has no
    /// account.</summary>
    public void EndAccessTokens(string account) => EndTokens(account, token => !token.IsRefresh);

    /// <summary>Ends everything the account has granted, as when its owner removes the application at Calendly.</summary>
    public void EndGrants(string account) => EndTokens(account, _ => true);

    /// <summary>How many of the account's tokens Calendly would still take.</summary>
    public int LiveTokens(string account)
    {
        lock (_gate)
        {
            return _ledger.TokensOf(Find(account)).Count(token => token.IsLive(_clock.GetUtcNow()));
        }
    }

    /// <summary>Whether Calendly can read the calendars that the account has outside; while not, its busy times cannot be
    /// read either.</summary>
    public void LetCalendarAnswer(string account, bool answers)
    {
        lock (_gate)
        {
            _world.LetCalendarAnswer(Find(account), answers);
        }
    }

    private void EndTokens(string account, Func<LedgerToken, bool> which)
    {
        lock (_gate)
        {
            foreach (var token in _ledger.TokensOf(Find(account)).Where(which))
            {
                token.IsRevoked = true;
            }
        }
    }

    private (CalendlyWorld World, TokenLedger Ledger, BookingDesk Desk, EmulatorApi Api, EmulatorOAuth OAuth) NewWorld()
    {
        var now = _clock.GetUtcNow();
        // A quarter of an hour that has just begun, so that no session starts at a crooked minute.
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.FromMinutes(15).Ticks), TimeSpan.Zero);
        var world = new CalendlyWorld(start);
        var ledger = new TokenLedger(start);
        var rates = new RateWindows();
        var desk = new BookingDesk(world, new OpenTimes(world));
        return (world, ledger, desk, new EmulatorApi(world, desk, ledger, rates, Webhooks, Options), new EmulatorOAuth(world, ledger, rates, Options));
    }

    private EmulatedGrant Grant(string account, IReadOnlyCollection<string>? scopes, TimeSpan age, bool isDead)
    {
        lock (_gate)
        {
            var owner = Find(account);
            var consent = _ledger.AddConsent(owner, Options.ClientId, [.. scopes ?? CalendlyScopes.Usual], Options.NewConsentEndsEarlier);
            var (access, refresh) = _ledger.AddPair(consent, _clock.GetUtcNow() - age);
            refresh.IsRevoked = isDead;
            return new EmulatedGrant(
                new Secret(access.Text), new Secret(refresh.Text), access.IssuedAt, access.IssuedAt + TokenLedger.AccessLifetime, consent.Scopes, owner.Uri, owner.OrganizationUri);
        }
    }

    private EmulatedAccount Find(string account) =>
        _world.AccountByKey(account) ?? throw new ArgumentException($"There is no Calendly account '{account}'.", nameof(account));

    private EmulatorAnswer Process(EmulatorCall call, FaultKind? fault)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var isOAuth = call.Path.StartsWith("/oauth/", StringComparison.Ordinal);
            var answer = isOAuth && call.Host != EmulatorHost.Api ? _oauth.Answer(call, now)
                : isOAuth || call.Host == EmulatorHost.OAuth ? ApiErrors.NotFound()
                : _api.Answer(call, now);
            Webhooks.Tell(_world.TakeNotices());
            _journal.Add(now, call, answer.Status, fault);
            return Dated(answer);
        }
    }

    private async Task<EmulatorAnswer> SpoilAsync(EmulatorCall call, Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.Status:
                Note(call, fault.Status, fault.Kind);
                // The one status that a single operation has for itself comes with its body: a client may tell it by that.
                var answer = Dated(fault.Status == StatusCodes.Status424FailedDependency ? ApiErrors.ExternalCalendar() : new EmulatorAnswer(fault.Status, default));
                return fault.RetryAfter is { } wait ? answer.With("Retry-After", (int)Math.Ceiling(wait.TotalSeconds)) : answer;

            case FaultKind.BadJson:
                var whole = Process(call, fault.Kind);
                return whole.WithBody(whole.Body.Length > 1 ? whole.Body[..(whole.Body.Length / 2)] : "{"u8.ToArray());

            case FaultKind.EmptyBody:
                return Process(call, fault.Kind).WithBody(default);

            case FaultKind.Drop:
                Process(call, fault.Kind);
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The emulator lost the connection.");

            case FaultKind.DropBefore:
                Note(call, 0, fault.Kind);
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The emulator lost the connection.");

            case FaultKind.Refuse:
                Note(call, 0, fault.Kind);
                throw new HttpRequestException(HttpRequestError.ConnectionError, "The emulator refused the connection.");

            case FaultKind.Delay:
                await Task.Delay(fault.Delay, _clock, cancellationToken);
                return Process(call, fault.Kind);

            case FaultKind.Hang:
                Note(call, 0, fault.Kind);
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
                throw new InvalidOperationException("A wait without end has ended.");

            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, null);
        }
    }

    // Its own clock, in whole seconds, as every server tells it.
    private EmulatorAnswer Dated(EmulatorAnswer answer) =>
        answer.With("Date", (_clock.GetUtcNow() + Options.ClockAhead).ToString("r", System.Globalization.CultureInfo.InvariantCulture));

    private void Note(EmulatorCall call, int status, FaultKind fault)
    {
        lock (_gate)
        {
            _journal.Add(_clock.GetUtcNow(), call, status, fault);
        }
    }
}
