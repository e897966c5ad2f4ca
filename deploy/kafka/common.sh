# shellcheck shell=bash
# Shared by fetch, start, stop and status; sourced, not run.
# Exit codes are those of sysexits.h.
EX_USAGE=64
EX_UNAVAILABLE=69
EX_TEMPFAIL=75

DEFAULT_VERSION=4.3.0
DEFAULT_DIR=${XDG_STATE_HOME:-$HOME/.local/state}/webcare/kafka

die() {  # code message...
  local code=$1
  shift
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "$code"
}

# A line that overwrites itself on a terminal; nothing elsewhere.
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s' "$*" >&2
  fi
}

# The comment block at the top of the calling script is its manual.
help() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
}

# The value of an option, or a usage error. usage: value=$(option_value "$@")
option_value() {
  [[ $# -ge 2 ]] || die "$EX_USAGE" "$1 needs a value (see --help)"
  printf '%s\n' "$2"
}

jars_of() {  # version
  printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/webcare/kafka/$1"
}

# Sets PID to the running process of a node directory, or fails. A pid that meanwhile belongs to another
# program does not count.
node_pid() {  # node-directory
  PID=$(cat "$1/pid" 2>/dev/null) && [[ -r /proc/$PID/cmdline ]] || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$PID/cmdline" | grep -qF "kafka.Kafka $1/"
}

# Node directories below a cluster directory, in order.
nodes_of() {  # directory
  local node
  for node in "$1"/node[1-9]; do
    [[ -d $node ]] && printf '%s\n' "$node"
  done
}
