namespace CalendlySlices.Tests.Support;

/// <summary>A body that a hostile or broken server sends: read only, forward only.</summary>
internal abstract class BodyStream : Stream
{
    /// <summary>How much of it was read.</summary>
    public long BytesRead { get; protected set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

internal sealed class EndlessStream : BodyStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.Fill((byte)' ');
        BytesRead += buffer.Length;
        return ValueTask.FromResult(buffer.Length);
    }
}

/// <summary>One byte a second.</summary>
internal sealed class DrippingStream(TimeProvider clock) : BodyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        buffer.Span[0] = (byte)' ';
        BytesRead++;
        return 1;
    }
}

/// <summary>Starts well and loses the connection.</summary>
internal sealed class CutStream : BodyStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (BytesRead > 0)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded);
        }

        buffer.Span[0] = (byte)'{';
        BytesRead++;
        return ValueTask.FromResult(1);
    }
}
