using System.Globalization;
using CalendlySlices.Infrastructure.Identity;

namespace CalendlySlices.Infrastructure.Web;

/// <summary>How one kind of panel speaks of what it shows.</summary>
/// <param name="What">As a title begins: "Sessions", "This session".</param>
/// <param name="Connect">What connecting Calendly would bring, a sentence or two.</param>
/// <param name="Permission">What the connection does not allow, and what to tick.</param>
/// <param name="NotFound">For something that is gone or belongs to somebody else.</param>
/// <param name="BadAddress">As a title, for an address that names nothing of the kind.</param>
/// <param name="BackUrl">Where the reader goes when trying again cannot help.</param>
internal sealed record PanelWords(
    string What, string Connect, string Permission, string NotFound, string BadAddress, string BackUrl, string BackWords)
{
    /// <summary>The title for somebody whose role does not reach this.</summary>
    public string ForWhom { get; init; } = "For coaches";

    /// <summary>What is said to somebody whose role does not reach this; null for the usual sentence.</summary>
    public string? WhyNotYou { get; init; }
}

/// <summary>Why a panel has nothing to show, and what the reader can do about it. Drawn by <see cref="View"/>.</summary>
/// <param name="State">The panel's <c>data-state</c>: <c>error</c>, <c>disconnected</c> or <c>forbidden</c>.</param>
/// <param name="RetryUrl">Null where trying again cannot help.</param>
/// <param name="Connect">The words on the link to the connection page; null where that is not the cure.</param>
/// <param name="WaitSeconds">After this long the panel asks again by itself.</param>
internal sealed record Trouble(string State, string Title, string Message, string? RetryUrl, string? Connect, int? WaitSeconds, PanelWords Words)
{
    /// <summary>Takes a tuple <c>(Trouble, bool Skeleton)</c>: with the ghost of a list behind it, or without.</summary>
    public const string View = "/src/Features/_Trouble.cshtml";

    public static Trouble Of(Failure failure, PanelWords words, string retryUrl) => failure.Code switch
    {
        FailureCode.NotConnected => new("disconnected", "Connect Calendly", words.Connect, null, "Connect Calendly", null, words),
        FailureCode.ReconnectRequired => new("disconnected", "Reconnect Calendly", failure.Message, null, "Reconnect", null, words),
        FailureCode.ScopeMissing => new("forbidden", "A permission is missing", words.Permission, null, "Reconnect", null, words),
        FailureCode.ForbiddenRole => new("forbidden", words.ForWhom, failure.Message, null, null, null, words),
        FailureCode.ForbiddenUser => new("forbidden", "Not yours to see", failure.Message, null, null, null, words),
        FailureCode.CalendlyForbidden => new("forbidden", "Calendly does not allow this", failure.Message, null, null, null, words),
        FailureCode.NotFound => new("error", $"{words.What} could not be found", words.NotFound, null, null, null, words),
        FailureCode.ValidationFailed => new("error", words.BadAddress, "The address is not one of ours. Go back to the list.", null, null, null, words),
        FailureCode.PageTokenInvalid => new("error", "This page has expired", failure.Message, null, null, null, words),
        FailureCode.EventTypeOff => new("error", "Off in Calendly", failure.Message, null, null, null, words),
        FailureCode.RateLimited when failure.RetryAfter is { } wait => Waiting(words, retryUrl, Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))),
        _ => new("error", $"{words.What} could not be loaded", failure.Message, retryUrl, null, null, words),
    };

    /// <summary>The same for somebody who looks at a coach's calendar, and can do nothing about what is in the way.</summary>
    public Trouble For(WatchedCoach? coach) => coach is null ? this : this switch
    {
        { State: "disconnected" } => this with { Title = "Calendly is not connected", Message = $"Only {coach.Name} can connect it.", Connect = null },
        { Connect: not null } => this with { Message = $"Only {coach.Name} can change what the connection allows.", Connect = null },
        { State: "forbidden" } when Title == Words.ForWhom => this with { Title = "View only" },
        _ => this,
    };

    /// <summary>For an address that the validator refused; the fields' own messages stand beside them.</summary>
    public static Trouble OfInput(Failure failure, PanelWords words) => new(
        "error",
        "That did not work",
        failure.Fields.Count > 0 ? failure.Fields[0].Message : failure.Message,
        null,
        null,
        null,
        words);

    private static Trouble Waiting(PanelWords words, string retryUrl, int seconds) => new(
        "error",
        $"{words.What} could not be loaded",
        string.Create(CultureInfo.InvariantCulture, $"Calendly asked us to wait {seconds} s. We will retry by ourselves."),
        retryUrl,
        null,
        seconds,
        words);
}
