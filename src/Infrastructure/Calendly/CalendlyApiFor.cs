namespace CalendlySlices.Infrastructure.Calendly;

/// <summary>Makes a client that calls Calendly for a named owner; where the owner is not simply the reader of the page.</summary>
internal delegate ICalendlyApi CalendlyApiFor(ConnectionOwner owner);
