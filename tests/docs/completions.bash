#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What bash offers: completions.bash FILE. COMP_WORDS are as bash splits a line, with "=" a word of its own.
# shellcheck source=completions/lunettes.bash
. "$1"
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
mkdir logs slo
touch 'logs/audit 1.log' logs/audit-2.log

failed=0
offers() {
  local expected=$1 ours
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  _lunettes
  ours=$(printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd,)
  if [ "$ours" != "$expected" ]; then
    echo "FAIL  $*: offers '$ours', not '$expected'"
    failed=1
  fi
}

export LC_ALL=C
offers slo lunettes sl
offers slo lunettes help sl
offers --help,--version lunettes --
offers --output lunettes slo --ou
offers json,jsonl lunettes slo -o js
offers json,jsonl lunettes slo --output = js
offers csv,json,jsonl,kube-burner,markdown,openmetrics,perfdash,table,tsv,wide lunettes slo --output =
offers json lunettes inspect --output = js
offers '' lunettes policy lo
offers logs lunettes slo -n shop lo
offers 'logs/audit 1.log,logs/audit-2.log' lunettes slo -q logs/a
offers logs,slo lunettes slo --tmpdir ''
offers logs lunettes slo --cluster a = lo
offers logs lunettes slo --cluster = a = lo
offers '' lunettes slo --since ''
exit $failed
