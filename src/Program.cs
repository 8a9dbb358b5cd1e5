var builder = WebApplication.CreateBuilder(args);

builder.Services.AddRazorPages(pages => pages.RootDirectory = "/src/Pages");
builder.Services.AddAntiforgery();

var app = builder.Build();

app.MapStaticAssets();
app.MapRazorPages().WithStaticAssets();
app.Run();

/// <summary>Named so that the tests can start the real application.</summary>
public partial class Program;
