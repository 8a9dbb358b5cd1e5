using System.Diagnostics.CodeAnalysis;

namespace CalendlySlices.Infrastructure.Tokens;

internal static class ConnectionExtensions
{
    /// <summary>True when the connection can be used for what the scope allows. Otherwise the failure says what is in the
    /// way: <c>NotConnected</c>, <c>ReconnectRequired</c>, or <c>ScopeMissing</c> with the scope.</summary>
    public static bool IsUsable([NotNullWhen(true)] this Connection? connection, string scope, [NotNullWhen(false)] out Failure? failure)
    {
        failure = connection switch
        {
            null => new Failure(FailureCode.NotConnected),
            { Status: ConnectionStatus.NeedsReconnect } => new Failure(FailureCode.ReconnectRequired),
            _ when !connection.Allows(scope) => new Failure(FailureCode.ScopeMissing) { RequiredScopes = [scope] },
            _ => null,
        };
        return failure is null;
    }
}
