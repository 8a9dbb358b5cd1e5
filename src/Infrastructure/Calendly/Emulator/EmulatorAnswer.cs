using System.Globalization;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>What the emulator answers, before it becomes an HTTP message.</summary>
internal sealed class EmulatorAnswer(int status, ReadOnlyMemory<byte> body, string contentType = EmulatorAnswer.Json)
{
    public const string Json = "application/json";

    public int Status => status;

    public ReadOnlyMemory<byte> Body => body;

    public string ContentType => contentType;

    public List<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>Set on answers meant for a browser; the HTTP way in renders it, the body then is empty.</summary>
    public ConsentPage? Page { get; private init; }

    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    public EmulatorAnswer With(string name, string value)
    {
        Headers.Add(new(name, value));
        return this;
    }

    public EmulatorAnswer With(string name, int value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same status and headers around other bytes.</summary>
    public EmulatorAnswer WithBody(ReadOnlyMemory<byte> other)
    {
        var answer = new EmulatorAnswer(status, other, contentType);
        answer.Headers.AddRange(Headers);
        return answer;
    }

    public static EmulatorAnswer Ok(byte[] resource) => new(StatusCodes.Status200OK, EmulatorJson.Resource(resource));

    public static EmulatorAnswer Redirect(string location) => new EmulatorAnswer(StatusCodes.Status302Found, default).With("Location", location);

    public static EmulatorAnswer Browser(ConsentPage page) =>
        new(page.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, default, "text/html; charset=utf-8") { Page = page };
}
