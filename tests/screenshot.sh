#!/usr/bin/env bash
# Makes docs/sessions.png, the picture in the README, from the application as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p docs
export SCREENSHOT="$PWD/docs/sessions.png" DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/CalendlySlices.Tests.csproj --verbosity quiet
dotnet run --project tests/CalendlySlices.Tests.csproj --no-build -- -explicit only -class CalendlySlices.Tests.Browser.Screenshots
echo "$SCREENSHOT"
