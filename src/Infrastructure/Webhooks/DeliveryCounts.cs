using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalendlySlices.Infrastructure.Calendly;

namespace CalendlySlices.Infrastructure.Webhooks;

/// <summary>What came to the address for deliveries since this process began; the names are also the metric's.</summary>
internal sealed class DeliveryCounts
{
    public const string Accepted = "accepted";
    public const string Duplicate = "duplicate";
    public const string Stale = "stale";
    public const string Ignored = "ignored";
    public const string Forged = "forged";
    public const string TooLarge = "too_large";

    public static readonly IReadOnlyList<string> Results = [Accepted, Duplicate, Stale, Ignored, Forged, TooLarge];

    private const int AlarmingForged = 100;
    private const int FewestForAShare = 20;
    private const double AlarmingStale = 0.2;

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly Counter<long> _metric;
    private readonly WireTime _time;
    private readonly ILogger<DeliveryCounts> _log;
    private readonly Lock _lock = new();
    private long _minuteBegan;
    private long _forgedThisMinute;
    private long _hourBegan;
    private long _signedThisHour;
    private long _staleThisHour;
    private bool _staleAlarmed;
    private bool _oldKeySeen;

    public DeliveryCounts(IMeterFactory meters, WireTime time, ILogger<DeliveryCounts> log)
    {
        _metric = meters.Create("Calendly.App").CreateCounter<long>("calendly.webhook.deliveries", "{delivery}");
        _time = time;
        _log = log;
        _minuteBegan = _hourBegan = time.Provider.GetTimestamp();
    }

    public long this[string result] => _counts.GetValueOrDefault(result);

    /// <param name="knownEvent">Of a known set, since a stranger could fill the metric with names otherwise.</param>
    public void Add(string result, string knownEvent = "other")
    {
        _counts.AddOrUpdate(result, 1, static (_, count) => count + 1);
        _metric.Add(1, new KeyValuePair<string, object?>("result", result), new KeyValuePair<string, object?>("event", knownEvent));
        if (result == Forged)
        {
            WatchForged();
        }
        else if (result is Accepted or Stale)
        {
            WatchStale(result == Stale);
        }
    }

    /// <summary>Says once that a key is still used that is to go.</summary>
    public void Signed(int keyNumber)
    {
        if (keyNumber > 1 && !Interlocked.Exchange(ref _oldKeySeen, true))
        {
            _log.LogWarning("Calendly still signs with key {Number} of CALENDLY_WEBHOOK_SIGNING_KEY; it cannot be taken out yet", keyNumber);
        }
    }

    private void WatchForged()
    {
        lock (_lock)
        {
            if (_time.Provider.GetElapsedTime(_minuteBegan) > TimeSpan.FromMinutes(1))
            {
                (_minuteBegan, _forgedThisMinute) = (_time.Provider.GetTimestamp(), 0);
            }

            if (++_forgedThisMinute == AlarmingForged)
            {
                _log.LogCritical("A hundred forged deliveries came within a minute");
            }
        }
    }

    // Once in an hour. Either our clock is wrong, or Calendly could not reach us for a while.
    private void WatchStale(bool isStale)
    {
        lock (_lock)
        {
            if (_time.Provider.GetElapsedTime(_hourBegan) > TimeSpan.FromHours(1))
            {
                (_hourBegan, _signedThisHour, _staleThisHour, _staleAlarmed) = (_time.Provider.GetTimestamp(), 0, 0, false);
            }

            _signedThisHour++;
            _staleThisHour += isStale ? 1 : 0;
            if (!_staleAlarmed && _signedThisHour >= FewestForAShare && _staleThisHour > _signedThisHour * AlarmingStale)
            {
                _staleAlarmed = true;
                _log.LogCritical("{Stale} of {Signed} deliveries within an hour were signed more than three minutes before or after our time; is this machine's clock right?", _staleThisHour, _signedThisHour);
            }
        }
    }
}
