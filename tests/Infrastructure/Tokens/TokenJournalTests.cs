using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using CalendlySlices.Tests.Support;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class TokenJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calendly-slices-").FullName;
    private readonly CapturedLog _log = new();

    [Fact]
    public void What_a_process_leaves_is_taken_over_by_the_next_and_by_one_only()
    {
        using (var first = Open())
        {
            first.Keep(Record(1));
            first.Remove(first.Keep(Record(2)));
            first.Keep(Record(3));
        }

        using var next = Open();
        using var third = Open();

        Assert.Equal([1L, 3L], next.Entries.Select(entry => entry.Record.UserId));
        Assert.Equal(("access-3", "refresh-3", 30L), next.Entries.Select(entry => (entry.Record.AccessToken, entry.Record.RefreshToken!, entry.Record.Version)).Last());
        Assert.Empty(third.Entries);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_process_that_is_alive_keeps_its_records()
    {
        using var first = Open();
        first.Keep(Record(1));

        using var second = Open();

        Assert.Empty(second.Entries);
        Assert.Single(first.Entries);
    }

    [Fact]
    public void No_token_is_readable_in_the_file_and_its_space_is_taken_from_the_start()
    {
        using (var journal = Open())
        {
            Assert.Equal(1024 * 1024, new FileInfo(Directory.GetFiles(_folder).Single()).Length);
            journal.Keep(Record(1));
        }

        var text = File.ReadAllText(Directory.GetFiles(_folder).Single(), System.Text.Encoding.Latin1);
        Assert.Contains("v1.mock.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("access-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-1", text, StringComparison.Ordinal);
        Assert.Equal(1024 * 1024, text.Length);
        Assert.DoesNotContain("access-1", $"{Record(1)} {new JournalEntry(0, Record(1))}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_or_moved_record_is_not_believed_and_does_not_stop_the_others()
    {
        using (var journal = Open())
        {
            journal.Keep(Record(1));
            journal.Keep(Record(2));
        }

        // The first record says that it is another person's.
        var path = Directory.GetFiles(_folder).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[4] = (byte)'7';
        File.WriteAllBytes(path, bytes);

        using var next = Open();

        Assert.Equal([2L], next.Entries.Select(entry => entry.Record.UserId));
        Assert.Contains(_log.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_journal_says_so_instead_of_losing_a_record()
    {
        using var journal = Open();
        for (var number = 1; number <= 64; number++)
        {
            journal.Keep(Record(number));
        }

        Assert.Throws<IOException>(() => journal.Keep(Record(65)));
        Assert.Equal(64, journal.Entries.Count);
        journal.Remove(journal.Entries[10]);
        journal.Keep(Record(66));
        Assert.Equal(64, journal.Entries.Count);
    }

    [Fact]
    public void Records_of_the_other_mode_are_left_alone()
    {
        using (var mock = Open())
        {
            mock.Keep(Record(1));
        }

        using var real = Open(isReal: true);

        Assert.Empty(real.Entries);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TokenJournal Open(bool isReal = false) =>
        new(_folder, new Envelope(TokenKeys.Mock), new CalendlyMode(isReal), LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<TokenJournal>());

    private static JournalRecord Record(int number) =>
        new(number, number * 10, $"access-{number}", $"refresh-{number}", new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero), 7_200);
}
