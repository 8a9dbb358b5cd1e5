namespace CalendlySlices.Infrastructure.Calendly.Models;

/// <summary>The body of a refusal. <paramref name="RequiredScopes"/> comes only with the one for a missing scope.</summary>
internal sealed record CalendlyError(string? Message, IReadOnlyList<CalendlyErrorDetail>? Details, IReadOnlyList<string>? RequiredScopes);

/// <param name="Parameter">Also nested: <c>questions_and_answers[0].question</c>.</param>
internal sealed record CalendlyErrorDetail(string? Parameter, string? Message, string? Code);
