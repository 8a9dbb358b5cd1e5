namespace CalendlySlices.Tests.Support;

/// <summary>The databases that everything about tokens has to hold on.</summary>
public enum Engine
{
    Sqlite,
    PostgreSql,
}
