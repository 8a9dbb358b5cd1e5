namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>The page on which an account allows an app, or the sentence that says why there is none.</summary>
/// <param name="Request">Null when the app's request cannot be answered at all.</param>
/// <param name="Problem">Null when all is well.</param>
internal sealed record ConsentPage(
    AuthorizationRequest? Request, string? Problem, IReadOnlyList<ConsentScope> Scopes, IReadOnlyList<ConsentAccount> Accounts)
{
    public static ConsentPage Refusal(string problem) => new(null, problem, [], []);
}

internal sealed record ConsentScope(string Name, string Words);

internal sealed record ConsentAccount(string Key, string Name, string Email, bool IsChosen);
