using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CalendlySlices.Infrastructure.Calendly;
using Microsoft.Win32.SafeHandles;

namespace CalendlySlices.Infrastructure.Tokens;

/// <summary>A pair that Calendly has issued as the successor of a version, not yet known to be in the database.</summary>
/// <param name="IssuedAt">By this machine's clock.</param>
internal sealed record JournalRecord(long UserId, long Version, string AccessToken, string? RefreshToken, DateTimeOffset IssuedAt, double LifetimeSeconds)
{
    // The tokens in it are in the clear.
    public override string ToString() => $"successor of version {Version} of connection {UserId}";
}

/// <summary>Where in the journal a record lies.</summary>
internal sealed record JournalEntry(int Slot, JournalRecord Record);

/// <summary>
/// New pairs on this machine's own disk, sealed and flushed before the database is asked to store them: with the database
/// gone at that moment, or the process, they would be lost, and Calendly gives them only once. The file's space is taken
/// at the start, so that a full disk does not matter later. Each process has a file of its own; a process that starts
/// takes over the files whose processes have ended. Thread-safe.
/// </summary>
internal sealed class TokenJournal : IDisposable
{
    private const int SlotBytes = 16 * 1024;
    private const int Slots = 64;

    private readonly Lock _gate = new();
    private readonly Envelope _envelope;
    private readonly CalendlyMode _mode;
    private readonly ILogger<TokenJournal> _log;
    private readonly SafeFileHandle _file;
    private readonly JournalRecord?[] _held = new JournalRecord?[Slots];

    /// <param name="folder">A local one; made when it is missing.</param>
    public TokenJournal(string folder, Envelope envelope, CalendlyMode mode, ILogger<TokenJournal> log)
    {
        (_envelope, _mode, _log) = (envelope, mode, log);
        Directory.CreateDirectory(folder);
        var left = Directory.GetFiles(folder, $"tokens-{mode.Name}-*.journal").Order(StringComparer.Ordinal)
            .Select(path => (Path: path, File: TryLock(path))).Where(found => found.File is not null).ToList();
        _file = File.OpenHandle(
            Path.Combine(folder, $"tokens-{mode.Name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.journal"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None);
        Reserve();

        // Ours has what the others held before they go.
        foreach (var record in left.SelectMany(found => Read(found.File!)).ToList())
        {
            Keep(record);
        }

        foreach (var (path, file) in left)
        {
            File.Delete(path);
            file!.Dispose();
        }
    }

    /// <summary>What lies in the journal now.</summary>
    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _held.Select((record, slot) => (record, slot)).Where(entry => entry.record is not null).Select(entry => new JournalEntry(entry.slot, entry.record!))];
            }
        }
    }

    /// <summary>Returns when the record is on the disk.</summary>
    /// <exception cref="IOException">It is not: the disk failed, or the journal is full.</exception>
    public JournalEntry Keep(JournalRecord record)
    {
        var bytes = Encoding.ASCII.GetBytes($"{record.UserId} {record.Version} {Seal(record)}");
        if (bytes.Length > SlotBytes - sizeof(int))
        {
            throw new IOException("The pair is too long for the journal.");
        }

        var slot = new byte[SlotBytes];
        BinaryPrimitives.WriteInt32BigEndian(slot, bytes.Length);
        bytes.CopyTo(slot, sizeof(int));
        lock (_gate)
        {
            var free = Array.IndexOf(_held, null);
            if (free < 0)
            {
                throw new IOException("The journal is full.");
            }

            RandomAccess.Write(_file, slot, (long)free * SlotBytes);
            RandomAccess.FlushToDisk(_file);
            _held[free] = record;
            return new JournalEntry(free, record);
        }
    }

    /// <summary>The database has it, or nobody needs it any longer. Not flushed: a record that comes back is refused by its version.</summary>
    public void Remove(JournalEntry entry)
    {
        lock (_gate)
        {
            if (_held[entry.Slot] == entry.Record)
            {
                RandomAccess.Write(_file, new byte[SlotBytes], (long)entry.Slot * SlotBytes);
                _held[entry.Slot] = null;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // Null while the process that it belongs to is alive.
    private static SafeFileHandle? TryLock(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Zeros, written and flushed: the space is ours, and a slot of zeros is a free one.
    private void Reserve()
    {
        RandomAccess.Write(_file, new byte[SlotBytes * Slots], 0);
        RandomAccess.FlushToDisk(_file);
    }

    private List<JournalRecord> Read(SafeFileHandle file)
    {
        var records = new List<JournalRecord>();
        var slot = new byte[SlotBytes];
        for (var number = 0; number < Slots && RandomAccess.Read(file, slot, (long)number * SlotBytes) == SlotBytes; number++)
        {
            if (BinaryPrimitives.ReadInt32BigEndian(slot) is > 0 and <= SlotBytes - sizeof(int) and var length
                && TryOpen(Encoding.ASCII.GetString(slot, sizeof(int), length)) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private JournalRecord? TryOpen(string text)
    {
        var parts = text.Split(' ');
        try
        {
            return parts.Length == 3 ? JsonSerializer.Deserialize<JournalRecord>(_envelope.Open(parts[2], _mode.Name, parts[0], parts[1], "journal")) : null;
        }
        catch (CryptographicException)
        {
            _log.LogCritical("A record of the journal, for connection {UserId}, cannot be opened: wrong key, or a damaged file", parts[0]);
            return null;
        }
    }

    private string Seal(JournalRecord record) => _envelope.Seal(
        JsonSerializer.Serialize(record),
        _mode.Name,
        record.UserId.ToString(CultureInfo.InvariantCulture),
        record.Version.ToString(CultureInfo.InvariantCulture),
        "journal");
}
