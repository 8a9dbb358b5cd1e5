namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>A parameter that Calendly would refuse, and why.</summary>
internal sealed record ParameterProblem(string Parameter, string Message);

/// <summary>Error bodies of the API host.</summary>
internal static class ApiErrors
{
    public static EmulatorAnswer Invalid(IReadOnlyList<ParameterProblem> problems) => new(StatusCodes.Status400BadRequest, EmulatorJson.Write(json =>
    {
        json.WriteString("title", "Invalid Argument");
        json.WriteString("message", "The supplied parameters are invalid.");
        json.WriteStartArray("details");
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("parameter", problem.Parameter);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }));

    public static EmulatorAnswer Invalid(string parameter, string message) => Invalid([new ParameterProblem(parameter, message)]);

    public static EmulatorAnswer Unauthenticated(string message) => Plain(StatusCodes.Status401Unauthorized, "Unauthenticated", message);

    public static EmulatorAnswer Denied(string message) => Plain(StatusCodes.Status403Forbidden, "Permission Denied", message);

    public static EmulatorAnswer ScopeMissing(params IReadOnlyList<string> scopes) => new(StatusCodes.Status403Forbidden, EmulatorJson.Write(json =>
    {
        json.WriteString("title", "Insufficient scope");
        json.WriteString("message", "This operation requires the scopes listed in the 'required_scopes' array.");
        json.WriteStartArray("required_scopes");
        foreach (var scope in scopes)
        {
            json.WriteStringValue(scope);
        }

        json.WriteEndArray();
    }));

    public static EmulatorAnswer NotFound() =>
        Plain(StatusCodes.Status404NotFound, "Resource Not Found", "The server could not find the requested resource.");

    /// <summary>Only where a subscription is made.</summary>
    public static EmulatorAnswer AlreadyExists() => Plain(StatusCodes.Status409Conflict, "Already Exists", "Hook with this url already exists");

    /// <summary>Only where busy times are read.</summary>
    public static EmulatorAnswer ExternalCalendar() =>
        Plain(StatusCodes.Status424FailedDependency, "External Calendar Error", "There is a problem accessing your calendar.");

    /// <summary>The body of a 429 is not documented; nobody should read it.</summary>
    public static EmulatorAnswer TooMany() => Plain(StatusCodes.Status429TooManyRequests, "Too Many Requests", "Too many requests.");

    private static EmulatorAnswer Plain(int status, string title, string message) => new(status, EmulatorJson.Write(json =>
    {
        json.WriteString("title", title);
        json.WriteString("message", message);
    }));
}
