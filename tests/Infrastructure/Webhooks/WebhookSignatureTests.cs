using System.Text;
using CalendlySlices.Infrastructure;
using CalendlySlices.Infrastructure.Webhooks;

namespace CalendlySlices.Tests.Infrastructure.Webhooks;

public sealed class WebhookSignatureTests
{
    private const string Body =
        """{"event":"invitee.created","created_at":"2026-11-21T22:26:40.000000Z","created_by":"https://api.calendly.com/users/USRK4T7WQ2M9XB6L","payload":{}}""";

    private const string Of146Bytes = "4a1199d797cde890e4e968d8e6d6eb613b45109474370126885b794c0f1d60dc";
    private const string OfZoe = "abe4f8ccc2504acda127e5551df894b9145387c3f752107da914a9a89b460826";

    [Theory]
    [InlineData(Body, Of146Bytes)]
    [InlineData("""{"name":"Zoë"}""", OfZoe)]
    public void The_published_vectors_are_accepted(string body, string signature) => Assert.Equal(1, KeyOf($"t=1795300000,v1={signature}", body, "wsk_example_0001"));

    [Theory]
    [InlineData("t=1795300001,v1=" + Of146Bytes)]
    [InlineData("t=01795300000,v1=" + Of146Bytes)]
    [InlineData("t=1795300000,v1=" + OfZoe)]
    public void One_other_character_is_another_signature(string header) => Assert.Null(KeyOf(header, Body, "wsk_example_0001"));

    [Fact]
    public void Any_key_and_any_of_five_signatures_will_do()
    {
        var others = string.Concat(Enumerable.Range(0, 4).Select(number => $",v1={new string((char)('0' + number), 64)}"));

        Assert.Equal(3, KeyOf($"t=1795300000{others},v0=x,v1={Of146Bytes}", Body, "first", "second", "wsk_example_0001"));
        Assert.Equal(1, KeyOf($"v1={Of146Bytes}, t=1795300000", Body, "wsk_example_0001", "second"));
        Assert.Null(WebhookSignature.Read($"t=1795300000{others},v1={OfZoe},v1={Of146Bytes}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("t=1795300000")]
    [InlineData("v1=" + Of146Bytes)]
    [InlineData("t=,v1=" + Of146Bytes)]
    [InlineData("t=-1,v1=" + Of146Bytes)]
    [InlineData("t=+1795300000,v1=" + Of146Bytes)]
    [InlineData("t=1e9,v1=" + Of146Bytes)]
    [InlineData("t=١٧٩٥٣٠٠٠٠٠,v1=" + Of146Bytes)]
    [InlineData("t=179530000000,v1=" + Of146Bytes)]
    [InlineData("t=1795300000,t=1795300000,v1=" + Of146Bytes)]
    [InlineData("t=1795300000,v1=4A11")]
    [InlineData("t=1795300000,v1=4A1199D797CDE890E4E968D8E6D6EB613B45109474370126885B794C0F1D60DC")]
    [InlineData("t=1795300000,V1=" + Of146Bytes)]
    public void What_cannot_be_a_header_is_none(string? header) => Assert.Null(WebhookSignature.Read(header));

    [Fact]
    public void A_header_of_a_kilobyte_is_none()
    {
        var header = $"t=1795300000,v1={Of146Bytes},x=";

        Assert.NotNull(WebhookSignature.Read(header.PadRight(1023, 'x')));
        Assert.Null(WebhookSignature.Read(header.PadRight(1024, 'x')));
    }

    private static int? KeyOf(string header, string body, params string[] keys) =>
        WebhookSignature.Read(header)!.KeyOf(Encoding.UTF8.GetBytes(body), new WebhookKeys([.. keys.Select(key => new Secret(key))]));
}
