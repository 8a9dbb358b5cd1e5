#!/usr/bin/env bash
# Two instances behind nginx, with a PostgreSQL of their own, on this machine's loopback and without containers. In the
# foreground, until it is interrupted; everything that it has started ends with it.
#
#   deploy/run-local.sh [--folder DIR] [--app CalendlySlices.dll] [--calendly URL] [--until-eof]
#   deploy/run-local.sh --folder DIR restart 1|2     one instance, with nginx told beforehand: nobody notices
#   deploy/run-local.sh --folder DIR kill 1|2        at once, with nobody told; "restart" brings it back
#   deploy/run-local.sh --folder DIR stop-database   at once, as when its machine dies; "start-database" brings it back
#
# --app        a built application; left out, one is published.
# --calendly   what stands for Calendly; left out, a third process in mock mode does.
# --until-eof  ends when its standard input does, and so with whoever has started it.
#
# In DIR: address (nginx), instance-N.url, instance-N.pid, calendly.url, database (how to connect), and logs. DRAIN_SECONDS
# and ADMINS are passed on. Needs Debian's nginx-light and postgresql.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder= app= calendly= until_eof= command=run number=
while [ $# -gt 0 ]; do
  case $1 in
    --folder) folder=$2; shift 2 ;;
    --app) app=$2; shift 2 ;;
    --calendly) calendly=$2; shift 2 ;;
    --until-eof) until_eof=yes; shift ;;
    restart | kill) command=$1 number=${2:-}; shift 2 ;;
    stop-database | start-database) command=$1; shift ;;
    *) sed -n '2,17s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done

fail() { echo "$1" >&2; exit 1; }

as_postgres() {
  # PostgreSQL refuses to run as root.
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all "$@")
  else
    "$@"
  fi
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

# The status of an answer; 000 for none.
ask() {
  timeout 3 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && printf "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" "$1" >&3 && read -r _ status _ <&3 && echo "$status"' "$1" "$2" 2>/dev/null || echo 000
}

# When a process was started; nothing once it has ended and closed all that it had open.
started() { sed -nE 's/.*\) [^ZX] ([^ ]+ ){18}([0-9]+) .*/\2/p' "/proc/$1/stat" 2>/dev/null || true; }

# By its name. A number alone may be another process's by now.
runs() { [ -s "$folder/$1.since" ] && [ "$(started "$(cat "$folder/$1.pid")")" = "$(cat "$folder/$1.since")" ]; }

end_process() {
  runs "$1" && kill -"${2:-TERM}" "$(cat "$folder/$1.pid")" || return 0
  for _ in $(seq 450); do
    runs "$1" || return 0
    sleep 0.1
  done
  kill -KILL "$(cat "$folder/$1.pid")"
}

wait_until_ready() {
  for _ in $(seq 600); do
    [ "$(ask "$2" /health/ready)" != 200 ] || return 0
    runs "$1" || { tail -n 20 "$folder/$1.log" >&2; fail "$1 has ended."; }
    sleep 0.1
  done
  fail "$1 does not become ready; see $folder/$1.log."
}

# Name and port, and settings as NAME=value.
start_app() {
  local name=$1 port=$2
  shift 2
  (
    cd "$content"
    exec setsid env ASPNETCORE_ENVIRONMENT=Development ReloadStaticAssetsAtRuntime=false Logging__LogLevel__Npgsql=Warning "DATA_DIR=$folder/$name" "$@" \
      dotnet "$app" --urls "http://127.0.0.1:$port" </dev/null >>"$folder/$name.log" 2>&1
  ) &
  echo $! >"$folder/$name.pid"
  started $! >"$folder/$name.since"
  echo "http://127.0.0.1:$port" >"$folder/$name.url"
}

start_instance() {
  local port=port_$1
  start_app "instance-$1" "${!port}" USE_REAL_CALENDLY=true "SUPABASE_DB_URL=$(cat "$folder/database")" \
    CALENDLY_CLIENT_ID=mock-client CALENDLY_CLIENT_SECRET=mock-secret CALENDLY_WEBHOOK_SIGNING_KEY=mock-signing-key \
    "CALENDLY_API_BASE_URL=$calendly" "CALENDLY_AUTH_BASE_URL=$calendly" "TOKEN_KEYS=$keys" "PUBLIC_BASE_URL=$(cat "$folder/address.next")" \
    ASPNETCORE_FORWARDEDHEADERS_ENABLED=true "DRAIN_SECONDS=$drain"
}

# $1 is the instance that gets no more requests.
write_nginx_configuration() {
  sed -e "s|app-1:8080|127.0.0.1:$port_1$([ "${1:-}" != 1 ] || echo ' down')|" -e "s|app-2:8080|127.0.0.1:$port_2$([ "${1:-}" != 2 ] || echo ' down')|" \
    -e "s|listen 8080|listen 127.0.0.1:$nginx_port|" -e "s|/tmp/nginx/|$folder/nginx/|" "$root/deploy/nginx.conf" >"$folder/nginx.conf"
}

run_nginx() {
  # Its workers would be somebody who may not enter the folder.
  nginx -p "$folder/nginx" -c "$folder/nginx.conf" -e "$folder/nginx.log" -g "$([ "$(id -u)" -ne 0 ] || echo 'user root;')" "$@"
}

start_database() {
  as_postgres "$postgresql/pg_ctl" -D "$folder/postgresql/data" -l "$folder/postgresql/log" -w \
    -o "-p $database_port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$folder/postgresql' -c fsync=off" start </dev/null >/dev/null
}

stop_database() { as_postgres "$postgresql/pg_ctl" -D "$folder/postgresql/data" -m "$1" -w stop >/dev/null; }

finish() {
  trap '' INT TERM
  [ ! -e "$folder/nginx/nginx.pid" ] || run_nginx -s stop 2>/dev/null || true
  end_process instance-1 & end_process instance-2 & end_process calendly & wait
  [ ! -e "$folder/postgresql/data/postmaster.pid" ] || stop_database fast || true
  [ -z "${made:-}" ] || rm -rf "$folder"
}

start_everything() {
  command -v nginx >/dev/null || fail "nginx is missing: install Debian's nginx-light."
  [ -n "$postgresql" ] || fail "PostgreSQL is missing: install Debian's postgresql."
  [ -n "$folder" ] || { folder=$(mktemp -d); made=yes; }
  mkdir -p "$folder"/{postgresql,nginx,instance-1,instance-2,calendly}
  folder=$(cd "$folder" && pwd)
  [ ! -e "$folder/environment" ] || fail "$folder has been used before; name another folder."
  chmod 711 "$folder"
  trap finish EXIT
  trap 'exit 0' INT TERM

  if [ -z "$app" ]; then
    app=$root/artifacts/run-local/CalendlySlices.dll
    dotnet publish "$root/CalendlySlices.csproj" -c Release -o "$(dirname "$app")" --nologo --verbosity quiet
  fi
  # Where the style sheet and the scripts are: beside what was published, else in the sources.
  content=$(dirname "$app")
  [ -d "$content/wwwroot" ] || content=$root
  (
    umask 077
    cat >"$folder/environment" <<-SETTINGS
	app='$app' content='$content'
	port_1=$(free_port) port_2=$(free_port) nginx_port=$(free_port) database_port=$(free_port) calendly_port=$(free_port)
	password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n') keys=local:$(head -c 32 /dev/urandom | base64)
	drain=${DRAIN_SECONDS:-2}
	SETTINGS
  )
  . "$folder/environment"
  (umask 077 && echo "Host=127.0.0.1;Port=$database_port;Username=owner;Password=$password;Database=postgres" >"$folder/database")
  echo "http://127.0.0.1:$nginx_port" >"$folder/address.next"

  # In mock mode the same application is Calendly.
  [ -n "$calendly" ] || start_app calendly "$calendly_port" USE_REAL_CALENDLY=false
  calendly=${calendly:-http://127.0.0.1:$calendly_port/mock/calendly}
  echo "calendly='$calendly'" >>"$folder/environment"

  echo "$password" >"$folder/postgresql/password"
  [ "$(id -u)" -ne 0 ] || chown -R postgres: "$folder/postgresql"
  as_postgres "$postgresql/initdb" -D "$folder/postgresql/data" -U owner -A scram-sha-256 --pwfile="$folder/postgresql/password" -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  start_database
  start_instance 1
  start_instance 2
  [ ! -e "$folder/calendly.pid" ] || wait_until_ready calendly "$calendly_port"
  wait_until_ready instance-1 "$port_1"
  wait_until_ready instance-2 "$port_2"
  write_nginx_configuration
  run_nginx
  for _ in $(seq 100); do [ "$(ask "$nginx_port" /health/live)" != 200 ] || break; sleep 0.1; done
  mv "$folder/address.next" "$folder/address"
  cp "$folder/address" "$folder/address.next"
  echo "Application: $(cat "$folder/address")"
  echo "Instances:   $(cat "$folder/instance-1.url") $(cat "$folder/instance-2.url")"
  echo "Calendly:    $calendly"
  echo "Folder:      $folder"
}

postgresql=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ "$command" = run ]; then
  start_everything
  if [ -n "$until_eof" ]; then
    while read -r _; do :; done
  else
    sleep infinity &
    trap 'kill $!; exit 0' INT TERM
    wait
  fi
  exit 0
fi

[ -e "$folder/environment" ] || fail "--folder has to name where run-local.sh runs."
folder=$(cd "$folder" && pwd)
. "$folder/environment"
case $command in
  restart)
    write_nginx_configuration "$number"
    run_nginx -s reload
    end_process "instance-$number"
    start_instance "$number"
    port=port_$number
    wait_until_ready "instance-$number" "${!port}"
    write_nginx_configuration
    run_nginx -s reload
    ;;
  kill) end_process "instance-$number" KILL ;;
  stop-database) stop_database immediate ;;
  start-database) start_database ;;
esac
