using System.Data.Common;
using CalendlySlices.Infrastructure.Calendly;
using CalendlySlices.Infrastructure.Tokens;
using Dapper;

namespace CalendlySlices.Infrastructure.Operations;

/// <summary>Ends all connections, or one person's, here and at Calendly. Stopped half-way, it goes on when it is run again.</summary>
internal sealed class RevokeAllCommand(
    MassRevocation mass, ITokenStore store, Revocations revocations, RevocationWorker worker, DbDataSource database, WireTime time) : IOperatorCommand
{
    private const string User = "--user";
    private const string Yes = "--yes";
    private const int NotAsked = 2;

    // EX_NOUSER and EX_TEMPFAIL of sysexits.h
    private const int NoUser = 67;
    private const int NotConfirmed = 75;

    // What a killed process had claimed can be taken up again after a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public string Name => "revoke-all";

    public string Usage => "[--user <userId>] --yes";

    public IReadOnlyDictionary<string, bool> Options { get; } = new Dictionary<string, bool> { [User] = true, [Yes] = false };

    public async Task<int> RunAsync(IReadOnlyDictionary<string, string> options, TextWriter output, CancellationToken cancellationToken)
    {
        long? userId = null;
        if (options.TryGetValue(User, out var name) && (userId = await FindAsync(name, cancellationToken)) is null)
        {
            output.WriteLine("There is no such person.");
            return NoUser;
        }

        if (!options.ContainsKey(Yes))
        {
            output.WriteLine($"This would end {await mass.CountAsync(userId, cancellationToken)} connections; {await revocations.CountAsync(userId, cancellationToken)} pairs wait for Calendly already. Add --yes to do it.");
            return NotAsked;
        }

        var done = userId is { } one
            ? await store.DisconnectAsync(one, cancellationToken) ? 1 : 0
            : await mass.DisconnectAsync(so => output.WriteLine($"{so} disconnected"), cancellationToken);
        output.WriteLine($"{done} connections are ended here. Telling Calendly.");
        var left = await TellCalendlyAsync(userId, output, cancellationToken);
        output.WriteLine(left == 0
            ? "Calendly has confirmed that every pair is over."
            : $"{left} pairs wait: Calendly has not confirmed them. The running application goes on telling it, and so does this command when it is run again.");
        return left == 0 ? 0 : NotConfirmed;
    }

    private async Task<long?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<long?>("""SELECT "id" FROM "User" WHERE "userId" = @name""", new { name });
    }

    private async Task<long> TellCalendlyAsync(long? userId, TextWriter output, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        while (await revocations.CountAsync(userId, cancellationToken) is var left)
        {
            if (left == 0 || waited >= Patience)
            {
                return left;
            }

            if (await worker.WorkAsync(cancellationToken) > 0)
            {
                waited = TimeSpan.Zero;
                output.WriteLine($"{left} pairs wait");
                continue;
            }

            waited += BetweenLooks;
            await Task.Delay(BetweenLooks, time.Provider, cancellationToken);
        }

        return 0;
    }
}
