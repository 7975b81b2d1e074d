# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by run and test: installs the packages that they need on Debian. Reports each step on stderr.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The package of a program that is here without its package (built by hand, another distribution) is not missing.
is_missing() {
  case $1 in
    gcc | meson | valgrind | jq | mandoc | shellcheck | zstd | python3 | pkg-config) ! command -v "$1" >/dev/null ;;
    nodejs) ! command -v node >/dev/null ;;
    npm) ! command -v npm >/dev/null ;;
    python3-venv) ! python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    ninja-build) ! command -v ninja >/dev/null ;;
    xz-utils) ! command -v xz >/dev/null ;;
    lz4) ! command -v lz4 >/dev/null ;;
    bsdutils) ! command -v script >/dev/null ;;
    python3-yaml) ! python3 -c 'import yaml' 2>/dev/null ;;
    zlib1g-dev) ! pkg-config --exists zlib 2>/dev/null ;;
    libzstd-dev) ! pkg-config --exists libzstd 2>/dev/null ;;
    libcjson-dev) ! pkg-config --exists libcjson 2>/dev/null ;;
    libyaml-dev) ! pkg-config --exists yaml-0.1 2>/dev/null ;;
    libpcre2-dev) ! pkg-config --exists libpcre2-8 2>/dev/null ;;
    libarchive-dev) ! pkg-config --exists libarchive 2>/dev/null ;;
    libisal-dev) ! pkg-config --exists libisal 2>/dev/null ;;
    liblua5.4-dev) ! pkg-config --exists lua5.4 2>/dev/null ;;
    check) ! pkg-config --exists check 2>/dev/null ;;
    libc6-dev) [ ! -f /usr/include/stdio.h ] ;;
    *) ! is_installed "$1" ;;
  esac
}

# need PACKAGE...: installs those that are missing.
need() {
  local package missing=()
  for package; do
    if is_missing "$package"; then missing+=("$package"); fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! may_install; then
    say "these packages are missing, and installing them needs root or sudo: apt-get install ${missing[*]}"
    return 1
  fi
  say "installing ${missing[*]}"
  if [ -z "${PACKAGES_UPDATED-}" ]; then
    as_root apt-get update -qq >&2 || return 1
    PACKAGES_UPDATED=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || return 1
  INSTALLED=yes
}

need_to_build() {
  need gcc libc6-dev meson ninja-build pkg-config zlib1g-dev libzstd-dev libcjson-dev libarchive-dev libyaml-dev libpcre2-dev || return 1
  need libisal-dev || say "going on without ISA-L: gzip is read at half the speed"
  need liblua5.4-dev || say "going on without Lua: configurations of spans with scripts are refused"
}

# configure BUILD SETUP-ARGUMENT...: sets a build directory up, or again if it may have been without what is here now.
configure() {
  local build=$1
  shift
  if [ ! -f "$build/build.ninja" ]; then
    say "setting up ${build##*/}/"
    meson setup "$build" "${root:?}" "$@"
  elif [ -n "${INSTALLED-}" ]; then
    meson setup --reconfigure "$build"
  fi
}
