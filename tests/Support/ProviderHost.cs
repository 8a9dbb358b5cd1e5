using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CalendlySlices.Tests.Support;

/// <summary>A sign-in provider's own host, on loopback: its published keys, and Supabase's answer to a password.</summary>
internal sealed class ProviderHost : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<PasswordTry> _tries = new();
    private int _keyReads;

    private ProviderHost(WebApplication host) => _host = host;

    public string Address => _host.Urls.Single();

    /// <summary>What is published now.</summary>
    public IReadOnlyList<TokenForge> Published { get; set; } = [];

    /// <summary>Replaces the published set's answer while set.</summary>
    public Func<HttpContext, Task>? KeysAnswer { get; set; }

    /// <summary>The answer to a password: status and body.</summary>
    public Func<PasswordTry, (int Status, string Body)>? PasswordAnswer { get; set; }

    public int KeyReads => _keyReads;

    public IReadOnlyList<PasswordTry> Tries => [.. _tries];

    public static async Task<ProviderHost> StartAsync(params TokenForge[] published)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var host = new ProviderHost(builder.Build()) { Published = published };
        host._host.MapGet("/.well-known/jwks.json", host.AnswerKeysAsync);
        host._host.MapGet("/auth/v1/.well-known/jwks.json", host.AnswerKeysAsync);
        host._host.MapPost("/auth/v1/token", host.AnswerPasswordAsync);
        await host._host.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task AnswerKeysAsync(HttpContext context)
    {
        Interlocked.Increment(ref _keyReads);
        return KeysAnswer?.Invoke(context) ?? context.Response.WriteAsJsonAsync(new { keys = Published.Select(key => key.PublicKey) });
    }

    private async Task AnswerPasswordAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var tried = new PasswordTry(
            body.RootElement.GetProperty("email").GetString()!,
            body.RootElement.GetProperty("password").GetString()!,
            context.Request.Headers["apikey"].ToString(),
            context.Request.Query["grant_type"].ToString());
        _tries.Enqueue(tried);
        var (status, text) = PasswordAnswer!(tried);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(text);
    }
}

internal sealed record PasswordTry(string Email, string Password, string ApiKey, string GrantType);
