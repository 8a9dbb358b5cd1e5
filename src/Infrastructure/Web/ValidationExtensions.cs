using System.Text.Json;
using FluentValidation;

namespace CalendlySlices.Infrastructure.Web;

internal static class ValidationExtensions
{
    /// <summary>Null when the input is good, otherwise <see cref="FailureCode.ValidationFailed"/> with one
    /// <see cref="FieldProblem"/> per broken rule; field names are camelCase, as in forms and JSON.</summary>
    public static Failure? Problem<T>(this IValidator<T> validator, T input)
    {
        var result = validator.Validate(input);
        return result.IsValid ? null : new Failure(FailureCode.ValidationFailed)
        {
            Fields = [.. result.Errors.Select(error =>
                new FieldProblem(JsonNamingPolicy.CamelCase.ConvertName(error.PropertyName), error.ErrorCode, error.ErrorMessage))],
        };
    }

    /// <summary>The message beside a field, or null when nothing is wrong with it.</summary>
    public static string? MessageFor(this Failure? failure, string field) =>
        failure?.Fields.FirstOrDefault(problem => problem.Field == field)?.Message;
}
