using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Tests.Support;

namespace CalendlySlices.Tests.Infrastructure.Calendly;

/// <summary>The same client over real sockets: what the platform's handler makes of a bad network.</summary>
public sealed class CalendlyNetworkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proper_answer_is_read()
    {
        var json = CalendlySamples.Resource(CalendlySamples.User());
        using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {json.Length}\r\n\r\n{json}");
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        Assert.True((await rig.Api.GetCurrentUserAsync(Token)).Succeeded(out _, out _));
    }

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", nameof(FailureCode.CalendlyBadResponse), 1)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"resource\"", nameof(FailureCode.CalendlyUnavailable), 2)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"res", nameof(FailureCode.CalendlyUnavailable), 2)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", nameof(FailureCode.CalendlyBadResponse), 2)]
    [InlineData("HTTP/1.1 200", nameof(FailureCode.CalendlyUnavailable), 2)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", nameof(FailureCode.CalendlyBadResponse), 2)]
    public async Task A_broken_answer_is_a_failure_with_a_name(string answer, string code, int connections)
    {
        using var server = new RawServer(answer);
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        var result = await rig.SkipPausesAsync(rig.Api.GetCurrentUserAsync(Token));

        Assert.Equal((code, connections), (Code(result), server.Connections));
    }

    [Fact]
    public async Task A_cancellation_whose_answer_is_lost_was_sent_once()
    {
        using var server = new RawServer("");
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        var result = await rig.SkipPausesAsync(rig.Api.CancelEventAsync(CalendlySamples.EventId, "rain", Token));

        Assert.Equal((nameof(FailureCode.CalendlyUnavailable), 1), (Code(result), server.Connections));
    }

    [Fact]
    public async Task A_cancellation_lost_on_a_connection_that_was_open_already_was_sent_once_too()
    {
        var json = CalendlySamples.Resource(CalendlySamples.User());
        var requests = 0;
        using var server = new RawServer(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));
            requests++;
            requests += await stream.ReadAsync(new byte[4096]) > 0 ? 1 : 0;
        });
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        Assert.Null(Code(await rig.Api.GetCurrentUserAsync(Token)));
        var result = await rig.SkipPausesAsync(rig.Api.CancelEventAsync(CalendlySamples.EventId, "rain", Token));

        Assert.Equal((nameof(FailureCode.CalendlyUnavailable), 1, 2), (Code(result), server.Connections, requests));
    }

    [Fact]
    public async Task Headers_without_end_are_a_bad_answer()
    {
        using var server = new RawServer($"HTTP/1.1 200 OK\r\nX-Padding: {new string('x', 70_000)}\r\nContent-Length: 0\r\n\r\n");
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        Assert.Equal(nameof(FailureCode.CalendlyBadResponse), Code(await rig.SkipPausesAsync(rig.Api.GetCurrentUserAsync(Token))));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_small_file_that_unpacks_to_a_huge_one_is_cut()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[64 * 1024 * 1024], Token);
        }

        Assert.InRange(packed.Length, 1, 1024 * 1024);
        using var server = new RawServer(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {packed.Length}\r\n\r\n"));
            await stream.WriteAsync(packed.ToArray());
        });
        using var rig = new CalendlyClientRig(server.Address, server.Address, network: true);

        Assert.Equal(nameof(FailureCode.CalendlyBadResponse), Code(await rig.SkipPausesAsync(rig.Api.GetCurrentUserAsync(Token))));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Where_nobody_listens_a_cancellation_is_tried_twice_and_a_token_stays_unspent()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var address = $"http://{unused.LocalEndpoint}";
        unused.Stop();
        using var rig = new CalendlyClientRig(address, address, network: true);

        var cancel = await rig.SkipPausesAsync(rig.Api.CancelEventAsync(CalendlySamples.EventId, null, Token));
        var refresh = await rig.SkipPausesAsync(rig.OAuth.RefreshAsync(new Secret("refresh-marker"), Token));

        Assert.Equal(nameof(FailureCode.CalendlyUnavailable), Code(cancel));
        Assert.Equal(OAuthOutcome.NotProcessed, refresh.Outcome);
        Assert.Contains(rig.Log.Lines, line => line.Contains("/cancellation", StringComparison.Ordinal) && line.EndsWith("attempts: 2", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("marker", StringComparison.Ordinal));
    }

    private static string? Code<T>(Result<T> result)
        where T : notnull =>
        result.Succeeded(out _, out var failure) ? null : failure.Code.ToString();
}
