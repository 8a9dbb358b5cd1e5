using NodaTime;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>What a signed-in person may do. A coach holds sessions, a realtor books them, an admin looks after the rest.</summary>
internal enum Role
{
    Coach,
    Realtor,
    Admin,
}

/// <summary>The signed-in person behind this request.</summary>
/// <param name="Id">The <c>id</c> of the row in the <c>User</c> table; also the owner of the Calendly connection.</param>
/// <param name="Name">How the person is greeted.</param>
internal sealed record CurrentUser(long Id, string Name, Role Role);

/// <summary>The zone in which this reader sees times: from the browser on the first visit, kept in a cookie, changeable.</summary>
internal sealed record ReaderZone(DateTimeZone Zone);
