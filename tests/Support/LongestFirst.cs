using CalendlySlices.Tests.Browser;
using CalendlySlices.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace CalendlySlices.Tests.Support;

/// <summary>Begins with the tests in the browser: they run one after the other and take longest, and everything else fits
/// beside them. Begun last, they would leave half of the machine idle for most of the run.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName.Contains(nameof(OneAtATime), StringComparison.Ordinal))];
}
