#!/usr/bin/env bash
# Everything that has to hold, in one command: installs what is missing (Debian), restores by the lock files, builds with
# warnings as errors, checks the formatting, runs every test. Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if ! command -v chromium >/dev/null; then
  echo "Installing Chromium"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  echo "Installing PostgreSQL"
  as_root apt-get update -qq
  # Its packages would start a server of their own; the tests start theirs.
  as_root mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
if ! command -v nginx >/dev/null; then
  echo "Installing nginx"
  as_root apt-get update -qq
  # Its package would start a server on port 80; the tests start theirs.
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then policy=; else printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy"; fi
  installed=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null || installed=$?
  [ -z "$policy" ] || as_root rm "$policy"
  [ "$installed" -eq 0 ]
fi
command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or later." >&2; exit 1; }

echo "Restoring"
dotnet restore CalendlySlices.slnx --locked-mode --verbosity quiet
echo "Building"
dotnet build CalendlySlices.slnx --no-restore --verbosity quiet --nologo
echo "Checking the formatting"
dotnet format CalendlySlices.slnx --no-restore --verify-no-changes

echo "Testing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet test tests/CalendlySlices.Tests.csproj --no-build --nologo --verbosity quiet --logger "console;verbosity=minimal" 2>&1 | tee "$log" || status=$?

# The runner's own figures, from its closing line; a test that was skipped has not passed.
figures=$(grep -E '(Passed|Failed)! +- Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -n 1)
if [ -z "$figures" ]; then
  echo "The runner gave no figures." >&2
  exit 1
fi
number() { sed -E "s/.*$1: +([0-9]+).*/\1/" <<<"$figures"; }
passed=$(number Passed)
failed=$(( $(number Failed) + $(number Skipped) ))
if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then status=1; fi
echo "$passed passed, $failed failed"
exit "$status"
