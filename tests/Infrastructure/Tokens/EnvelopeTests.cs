using System.Security.Cryptography;
using CalendlySlices.Infrastructure.Tokens;

namespace CalendlySlices.Tests.Infrastructure.Tokens;

public sealed class EnvelopeTests
{
    private readonly Envelope _envelope = new(TokenKeys.Mock);

    [Fact]
    public void What_was_sealed_opens_again()
    {
        var sealed1 = _envelope.Seal("a token ☂", "mock", "7", "access");

        Assert.Equal("a token ☂", _envelope.Open(sealed1, "mock", "7", "access"));
        Assert.DoesNotContain("token", sealed1, StringComparison.Ordinal);
        Assert.StartsWith("v1.mock.", sealed1, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_text_is_never_sealed_the_same_way_twice() =>
        Assert.NotEqual(_envelope.Seal("a token", "mock"), _envelope.Seal("a token", "mock"));

    [Theory]
    [InlineData("real", "7", "access")]
    [InlineData("mock", "8", "access")]
    [InlineData("mock", "7", "refresh")]
    [InlineData("mock7", "", "access")]
    public void An_envelope_does_not_open_where_it_does_not_belong(string mode, string owner, string field)
    {
        var envelope = _envelope.Seal("a token", "mock", "7", "access");

        Assert.ThrowsAny<CryptographicException>(() => _envelope.Open(envelope, mode, owner, field));
    }

    [Fact]
    public void A_change_of_any_one_character_is_noticed()
    {
        var envelope = _envelope.Seal("a token", "mock", "7", "access");
        for (var index = 0; index < envelope.Length; index++)
        {
            // Base64 pads its last group: there, two spellings can mean the same bytes.
            if (index + 1 == envelope.Length || envelope[index + 1] == '.')
            {
                continue;
            }

            var changed = envelope[..index] + (envelope[index] == 'A' ? 'B' : 'A') + envelope[(index + 1)..];
            Assert.ThrowsAny<CryptographicException>(() => _envelope.Open(changed, "mock", "7", "access"));
        }
    }

    [Fact]
    public void Of_ten_thousand_flipped_bits_and_cuts_none_opens()
    {
        var random = new Random(17);
        var envelope = new Envelope(TokenKeys.Mock);
        var text = envelope.Seal("refresh-1", "mock", "1", "refresh");
        for (var round = 0; round < 10_000; round++)
        {
            var letters = text.ToCharArray();
            var at = random.Next(letters.Length);
            letters[at] ^= (char)(1 << random.Next(7));
            var spoilt = round % 4 == 0 ? text[..at] : new string(letters);

            Assert.ThrowsAny<CryptographicException>(() => envelope.Open(spoilt, "mock", "1", "refresh"));
        }
    }

    [Fact]
    public void An_envelope_of_a_key_that_is_not_here_does_not_open()
    {
        Assert.True(TokenKeys.TryParse("2026a:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), out var keys, out _));
        var envelope = new Envelope(keys!).Seal("a token", "mock");

        Assert.ThrowsAny<CryptographicException>(() => _envelope.Open(envelope, "mock"));
    }

    [Fact]
    public void An_older_key_still_reads_and_the_first_one_writes()
    {
        var older = "2025b:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var newer = "2026a:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Assert.True(TokenKeys.TryParse(older, out var oldKeys, out _));
        Assert.True(TokenKeys.TryParse($"{newer},{older}", out var bothKeys, out _));
        var envelope = new Envelope(oldKeys!).Seal("a token", "real");

        Assert.Equal("a token", new Envelope(bothKeys!).Open(envelope, "real"));
        Assert.StartsWith("v1.2026a.", new Envelope(bothKeys!).Seal("a token", "real"), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadKeys => new()
    {
        { "", "it holds no key" },
        { "nothing", "id:base64" },
        { "a b:AAAA", "id:base64" },
        { "a:AAAA", "32 bytes" },
        { "a:" + Convert.ToBase64String(new byte[32]), "a sample" },
        { "a:" + Convert.ToBase64String(TokenKeys.Mock.Current), "a sample" },
        { $"a:{Convert.ToBase64String(Key(1))},a:{Convert.ToBase64String(Key(2))}", "twice" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void A_key_that_protects_nothing_is_refused_and_not_shown(string text, string expected)
    {
        Assert.False(TokenKeys.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", problem, StringComparison.Ordinal);
    }

    private static byte[] Key(byte seed) => [.. Enumerable.Range(0, 32).Select(index => (byte)(index + seed))];
}
