namespace CalendlySlices.Features.Status;

/// <summary>One look at everything. What it finds stands in our own records as soon as each part is done.</summary>
/// <param name="Account">Done when Calendly has said who this is, or has failed to.</param>
/// <param name="List">Done when the sessions have been read, or could not be.</param>
/// <param name="Started">A timestamp of the clock's.</param>
internal sealed record StatusCheck(Task Account, Task List, DateTimeOffset StartedAt, long Started)
{
    public Task Whole { get; } = Task.WhenAll(Account, List);

    /// <summary>What a row has to wait for.</summary>
    public Task Of(string row) => row switch
    {
        StatusRows.List => List,
        StatusRows.Errors => Whole,
        StatusRows.LiveUpdates => Task.CompletedTask,
        _ => Account,
    };
}
