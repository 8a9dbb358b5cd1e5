namespace CalendlySlices.Infrastructure.Calendly.Models;

internal sealed record EventTypeChange(bool Active);
