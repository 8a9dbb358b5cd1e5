using System.Diagnostics.CodeAnalysis;
using System.Net;
using Npgsql;

namespace CalendlySlices.Infrastructure.Settings;

/// <summary>Reads where PostgreSQL is, in either form that people have at hand: <c>postgresql://…</c> as Supabase shows it,
/// or Npgsql's own <c>Host=…;Username=…</c>.</summary>
internal static class PostgreSqlAddress
{
    // Where Supabase's pooler gives a connection for one transaction only. Source:
    // https://supabase.com/docs/guides/database/connecting-to-postgres
    private const int TransactionPoolerPort = 6543;

    /// <param name="inProduction">The server must then prove who it is, unless it is this machine.</param>
    /// <param name="problem">Goes on after the variable's name, and never holds its value.</param>
    public static bool TryRead(string text, bool inProduction, [NotNullWhen(true)] out string? connectionString, [NotNullWhen(false)] out string? problem)
    {
        connectionString = null;
        if (!TryParse(text, out var settings, out problem))
        {
            return false;
        }

        problem = settings switch
        {
            { Host: null or "" } => "names no host.",
            { Port: TransactionPoolerPort } =>
                "leads to Supabase's transaction pooler (port 6543). Use the direct connection, or the session pooler on port 5432: notifications and prepared statements need a connection of their own.",
            _ when inProduction && !IsLoopback(settings.Host) && settings.SslMode != SslMode.VerifyFull =>
                "must verify the server in Production: sslmode=verify-full (SSL Mode=VerifyFull), with Supabase's certificate as sslrootcert (Root Certificate).",
            { RootCertificate: { Length: > 0 } file } when !File.Exists(file) => "names a root certificate that is not there.",
            _ => null,
        };
        connectionString = problem is null ? settings.ConnectionString : null;
        return problem is null;
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? settings, [NotNullWhen(false)] out string? problem)
    {
        (settings, problem) = (null, "cannot be read; write postgresql://user:password@host:5432/database or Npgsql's keywords.");
        if (!text.StartsWith("postgresql://", StringComparison.Ordinal) && !text.StartsWith("postgres://", StringComparison.Ordinal))
        {
            try
            {
                settings = new NpgsqlConnectionStringBuilder(text);
                problem = null;
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException)
            {
                // Its message may quote the value.
            }

            return settings is not null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && TryParse(address, out settings, ref problem);
    }

    private static bool TryParse(Uri address, [NotNullWhen(true)] out NpgsqlConnectionStringBuilder? settings, [NotNullWhen(false)] ref string? problem)
    {
        var person = address.UserInfo.Split(':', 2);
        var read = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host.Trim('[', ']'),
            Port = address.IsDefaultPort || address.Port < 0 ? 5432 : address.Port,
            Username = Uri.UnescapeDataString(person[0]),
            Password = person.Length == 2 ? Uri.UnescapeDataString(person[1]) : null,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')) is { Length: > 0 } name ? name : "postgres",
        };
        settings = null;
        foreach (var part in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = part.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (part, string.Empty);
            switch (key)
            {
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", string.Empty, StringComparison.Ordinal), ignoreCase: true, out var mode):
                    read.SslMode = mode;
                    break;
                case "sslrootcert":
                    read.RootCertificate = value;
                    break;
                case "application_name" or "connect_timeout":
                    // Ours to choose.
                    break;
                case "pgbouncer" when value == "true":
                    problem = "asks for a transaction pooler (pgbouncer=true). Use the direct connection, or the session pooler on port 5432.";
                    return false;
                default:
                    problem = $"has the parameter {(key.All(char.IsAsciiLetterOrDigit) ? key : "?")}, which is not known here or has a value that is not.";
                    return false;
            }
        }

        settings = read;
        problem = null;
        return true;
    }

    private static bool IsLoopback(string host) =>
        host is "localhost" || host.StartsWith('/') || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
