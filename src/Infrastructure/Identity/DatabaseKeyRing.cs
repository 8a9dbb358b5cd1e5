using System.Data.Common;
using System.Xml.Linq;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CalendlySlices.Infrastructure.Identity;

/// <summary>The framework's key ring for cookies and states, in the database, sealed under the application's own key.</summary>
internal sealed class DatabaseKeyRing(DbDataSource database, Envelope envelope) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenConnection();
        return [.. connection
            .Query<(string Name, string Xml)>("SELECT name, xml FROM data_protection_key")
            .Select(row => XElement.Parse(envelope.Open(row.Xml, BelongsTo(row.Name))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.OpenConnection();
        connection.Execute(
            "INSERT INTO data_protection_key (name, xml) VALUES (@friendlyName, @xml) ON CONFLICT (name) DO UPDATE SET xml = excluded.xml",
            new { friendlyName, xml = envelope.Seal(element.ToString(SaveOptions.DisableFormatting), BelongsTo(friendlyName)) });
    }

    /// <summary>What a key's envelope is bound to.</summary>
    public static string[] BelongsTo(string name) => ["data-protection", name];
}
