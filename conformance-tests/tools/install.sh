#!/usr/bin/env bash
# Installs the real clients, S3 servers, load generators and peers that the integration tests and the
# benchmark drive: Debian's packages (when run as root on a machine with apt-get) and programs from
# the Go module proxy (when Go is there). What is already installed is left alone. What cannot be had
# prints one line, `skipped: <tool>: <why>`; the tests that need it then skip too. Always exits 0,
# except for a wrong argument.
#
# usage: install.sh [clients|bench|all]
set -u
set -o pipefail

readonly TOOLS="${ENTREPOT_TOOLS:-${HOME:-/root}/.cache/entrepot/tools/bin}"
readonly GO_LIMIT_SECONDS="${ENTREPOT_TOOLS_GO_LIMIT:-1200}"
readonly BUILDKIT_VERSION=v0.31.1

# command (or absolute path) and the Debian package that brings it
readonly CLIENT_PACKAGES="
/usr/sbin/dockerd=docker.io
/usr/sbin/iptables=iptables
skopeo=skopeo
umoci=umoci
/bin/busybox=busybox-static
strace=strace
curl=curl
jq=jq
runc=runc
/sbin/mkfs.ext4=e2fsprogs
/bin/mount=mount
openssl=openssl
/usr/sbin/slapd=slapd
/usr/sbin/nginx=nginx-light
"
readonly BENCH_PACKAGES="
wrk=wrk
ab=apache2-utils
h2load=nghttp2-client
/usr/sbin/nginx=nginx-light
curl=curl
jq=jq
openssl=openssl
"
# binary, package path, module, version
readonly PEER="
registry github.com/distribution/distribution/v3/cmd/registry github.com/distribution/distribution/v3 v3.1.2
"
readonly S3_SERVERS="
versitygw github.com/versity/versitygw/cmd/versitygw github.com/versity/versitygw v1.8.0
minio github.com/minio/minio github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c
"
readonly CLIENT_PROGRAMS="$PEER $S3_SERVERS
crane github.com/google/go-containerregistry/cmd/crane github.com/google/go-containerregistry v0.22.1
regctl github.com/regclient/regclient/cmd/regctl github.com/regclient/regclient v0.11.7
helm helm.sh/helm/v3/cmd/helm helm.sh/helm/v3 v3.22.0
"
readonly BENCH_PROGRAMS="$PEER"

skipped() {
  echo "skipped: $1: $2"
}

# The binary records which module and version it was built from; that is what makes a second run quick.
is_built_from() {
  local binary=$1 module=$2 version=$3
  [ -x "$binary" ] && go version -m "$binary" 2>/dev/null |
    awk -v m="$module" -v v="$version" '($1 == "mod" || $1 == "dep") && $2 == m && $3 == v { f = 1 } END { exit !f }'
}

# Networks fail for a moment: tries three times, unless the time was up (124).
tried_again() {
  local pause
  for pause in 3 15; do
    "$@" && return
    [ $? != 124 ] || return 124
    sleep "$pause"
  done
  "$@"
}

missing_packages() {
  local entry
  for entry in $1; do
    command -v "${entry%%=*}" >/dev/null 2>&1 || echo "${entry#*=}"
  done | sort -u
}

# Debian starts the services it installs. These must not: the tests start their own, elsewhere.
forbid_services() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
  local missing package why=""
  missing=$(missing_packages "$1")
  [ -z "$missing" ] && return
  if ! command -v apt-get >/dev/null 2>&1; then
    why="no apt-get here"
  elif [ "$(id -u)" != 0 ]; then
    why="not root; as root: apt-get install $(echo $missing)"
  fi
  if [ -z "$why" ]; then
    forbid_services
    echo "installing Debian packages: $(echo $missing)"
    tried_again apt_get -o APT::Update::Error-Mode=any update
    # One at a time only if all at once fails, so that one missing package costs no other.
    tried_again apt_get install $missing || for package in $missing; do apt_get install "$package"; done
    why="apt-get could not install it"
  fi
  for package in $(missing_packages "$1"); do
    skipped "$package" "$why"
  done
}

apt_get() {
  local log
  log=$(mktemp)
  DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 \
    -o APT::Install-Recommends=false -o Acquire::Retries=3 "$@" >"$log" 2>&1 </dev/null
  local status=$?
  [ $status = 0 ] || tail -n 5 "$log"
  rm -f "$log"
  return $status
}

go_build() {
  CGO_ENABLED=0 GOFLAGS='-trimpath -buildvcs=false' timeout "$GO_LIMIT_SECONDS" go "$@" </dev/null
}

go_install() {
  GOBIN="$TOOLS" go_build install -p 2 -ldflags='-s -w' "$1"
}

# Runs a build, which downloads first, tells how long it took, and says so when it failed.
report_build() {
  local names=$1 version=$2 log started=$SECONDS
  shift 2
  log=$(mktemp)
  if tried_again "$@" >"$log" 2>&1; then
    echo "built $names $version in $((SECONDS - started)) s"
  else
    tail -n 5 "$log"
    skipped "$names" "go could not build $version"
  fi
  rm -f "$log"
}

install_programs() {
  local name path module version
  while read -r name path module version; do
    [ -z "$name" ] && continue
    if is_built_from "$TOOLS/$name" "$module" "$version"; then
      continue
    fi
    report_build "$name" "$version" go_install "$path@$version"
  done <<<"$1"
}

# BuildKit's go.mod has exclude directives, which `go install` refuses: it is built from a module of
# its own that requires it.
build_buildkit() {
  local work
  work=$(mktemp -d) || return 1
  (
    cd "$work" &&
      go mod init buildkit-tools &&
      go_build get "github.com/moby/buildkit/cmd/buildctl@$BUILDKIT_VERSION" \
        "github.com/moby/buildkit/cmd/buildkitd@$BUILDKIT_VERSION" &&
      go_build build -p 2 -ldflags='-s -w' -o "$TOOLS/" \
        github.com/moby/buildkit/cmd/buildctl github.com/moby/buildkit/cmd/buildkitd
  )
  local status=$?
  rm -rf "$work"
  return $status
}

install_buildkit() {
  is_built_from "$TOOLS/buildkitd" github.com/moby/buildkit "$BUILDKIT_VERSION" &&
    is_built_from "$TOOLS/buildctl" github.com/moby/buildkit "$BUILDKIT_VERSION" && return
  report_build "buildctl buildkitd" "$BUILDKIT_VERSION" build_buildkit
}

install_clients() {
  install_packages "$CLIENT_PACKAGES"
  if has_go "registry versitygw minio crane regctl helm buildctl buildkitd"; then
    install_programs "$CLIENT_PROGRAMS"
    install_buildkit
  fi
}

install_bench() {
  install_packages "$BENCH_PACKAGES"
  if has_go "registry"; then
    install_programs "$BENCH_PROGRAMS"
  fi
}

has_go() {
  command -v go >/dev/null 2>&1 && return
  local tool
  for tool in $1; do
    [ -x "$TOOLS/$tool" ] || skipped "$tool" "no go command here to build it with"
  done
  return 1
}

PATH="$PATH:/usr/sbin:/sbin:/usr/local/go/bin"
mkdir -p "$TOOLS"
exec 9>"$TOOLS/.lock"
flock 9 2>/dev/null || true
case "${1:-all}" in
  clients) install_clients ;;
  bench) install_bench ;;
  all)
    install_clients
    install_bench
    ;;
  *)
    echo "usage: $0 [clients|bench|all]" >&2
    exit 2
    ;;
esac
exit 0
