using System.Globalization;
using System.Text.Json;

namespace CalendlySlices.Infrastructure.Calendly.Emulator;

/// <summary>Webhook subscriptions. Source:
/// https://developer.calendly.com/api-docs/calendly-api/webhooks/create-webhook-subscription ; whether the address can be
/// reached is not looked at here, as at Calendly.</summary>
internal sealed class WebhooksApi(CalendlyWorld world, EmulatedWebhooks webhooks)
{
    private const int LongestAddress = 2_048;

    public EmulatorAnswer Create(ApiCaller caller, EmulatorCall call, DateTimeOffset now)
    {
        if (!ApiBody.TryRead(call, out var body))
        {
            return ApiBody.Unreadable();
        }

        body.Require("url");
        body.Require("events");
        body.Require("organization");
        body.Require("scope");
        var address = Address(body);
        var scope = body.OneOf("scope", "organization", "user", "group");
        var events = Events(body, scope);
        var organization = body.Id("organization", "organizations");
        var signingKey = body.Value("signing_key") is null ? null : body.Text("signing_key");
        if (scope is "user" or "group")
        {
            body.Require(scope);
        }

        var user = scope == "user" ? body.Id("user", "users") : null;
        if (scope == "group")
        {
            body.Id("group", "groups");
        }

        if (body.HasProblems || address is null || scope is null)
        {
            return ApiErrors.Invalid(body.Problems);
        }

        var missing = events.Select(WebhookEvents.ReadScope).Distinct().Where(needed => caller.Lacks(needed) is not null).ToList();
        if (missing.Count > 0)
        {
            return ApiErrors.ScopeMissing(missing);
        }

        if (Refusal(caller, organization, user, scope, mayBeColleague: false) is { } refusal)
        {
            return refusal;
        }

        if (caller.Account.IsFree && events.Exists(WebhookEvents.IsPaid))
        {
            return ApiErrors.Denied("Please upgrade to a paid Calendly account.");
        }

        var request = new SubscriptionRequest(address, events, scope, signingKey is null ? null : new Secret(signingKey));
        return webhooks.Add(request, caller.Account, now) is { } added
            ? new EmulatorAnswer(StatusCodes.Status201Created, EmulatorJson.Resource(webhooks.Json(added)))
            : ApiErrors.AlreadyExists();
    }

    public EmulatorAnswer List(ApiCaller caller, EmulatorCall call)
    {
        var query = new ApiQuery(call.Query);
        query.Require("organization", "scope");
        var organization = query.Id("organization", "organizations");
        var scope = query.OneOf("scope", "organization", "user", "group");
        if (scope is "user" or "group")
        {
            query.Require(scope);
        }

        var user = scope == "user" ? query.Id("user", "users") : null;
        if (scope == "group")
        {
            query.Id("group", "groups");
        }

        var sorts = query.Sort("created_at");
        var count = query.Count();
        if (query.HasProblems || scope is null)
        {
            return ApiErrors.Invalid(query.Problems);
        }

        if (Refusal(caller, organization, user, scope, mayBeColleague: true) is { } refusal)
        {
            return refusal;
        }

        Comparison<EmulatedSubscription> order = sorts is [(_, true), ..] ? (one, other) => FirstMade(other, one) : FirstMade;
        var rows = webhooks.Subscriptions.FindAll(one => one.Request.Scope == scope
            && (one.IsOfUser ? one.Creator.Id == user : one.Creator.OrganizationId == organization));
        rows.Sort(order);
        return ApiPages.List(query, caller, call, count, rows, order, one => one.Id, webhooks.Json, webhooks.Find);
    }

    public EmulatorAnswer Get(ApiCaller caller, string id) => webhooks.Find(id) is not { } found ? ApiErrors.NotFound()
        : MaySee(caller, found) ? EmulatorAnswer.Ok(webhooks.Json(found))
        : Denied();

    public EmulatorAnswer Delete(ApiCaller caller, string id)
    {
        if (webhooks.Find(id) is not { } found)
        {
            return ApiErrors.NotFound();
        }

        if (!MaySee(caller, found))
        {
            return Denied();
        }

        webhooks.Remove(found);
        return new EmulatorAnswer(StatusCodes.Status204NoContent, default);
    }

    /// <summary>Https, or http on this machine, which is the only one that is delivered to.</summary>
    private static Uri? Address(ApiBody body)
    {
        if (body.Text("url") is not { } text)
        {
            return null;
        }

        if (text.Length <= LongestAddress && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            return address;
        }

        body.Refuse("url", "must be an https address");
        return null;
    }

    private static List<string> Events(ApiBody body, string? scope)
    {
        var names = new List<string>();
        if (body.Items("events") is not { } items)
        {
            return names;
        }

        if (items.Count == 0)
        {
            body.Refuse("events", "can't be blank");
        }

        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].ValueKind == JsonValueKind.String && items[index].GetString() is { } name && WebhookEvents.IsKnown(name, scope))
            {
                names.Add(name);
            }
            else
            {
                body.Refuse(string.Create(CultureInfo.InvariantCulture, $"events[{index}]"), "is not an event of this scope");
            }
        }

        return [.. names.Distinct()];
    }

    /// <param name="mayBeColleague">The owner of an organization may read what its members have, and not make it for them.</param>
    private EmulatorAnswer? Refusal(ApiCaller caller, string? organization, string? user, string scope, bool mayBeColleague)
    {
        if (organization != caller.Account.OrganizationId)
        {
            return Denied();
        }

        var isAllowed = scope switch
        {
            "organization" => caller.Account.IsOwner,
            "user" => user == caller.Account.Id || (mayBeColleague && world.TryGetAccount(user!, out var account) && caller.MayChange(account)),
            _ => false, // No emulated organization has groups.
        };
        return isAllowed ? null : ApiErrors.Denied("You do not have permission");
    }

    private static bool MaySee(ApiCaller caller, EmulatedSubscription subscription) => caller.MayChange(subscription.Creator);

    private static EmulatorAnswer Denied() => ApiErrors.Denied("You do not have permission to access this resource.");

    private static int FirstMade(EmulatedSubscription one, EmulatedSubscription other) =>
        one.CreatedAt.CompareTo(other.CreatedAt) is var order and not 0 ? order : string.CompareOrdinal(one.Id, other.Id);
}
