#!/bin/bash
# Holds every #include of ours and of third-party libraries against the architecture.
# The table says, for each room, which of our paths its sources may include besides their own.
set -uo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}" || exit 1

# room | allowed prefixes of our own includes (the room itself is always allowed)
rooms='
daemon/base         |
connectors/markup   | daemon/base
connectors/http     | daemon/base
connectors/sites/mastodon    | daemon/base connectors/markup connectors/connector.h
connectors/sites/syndication | daemon/base connectors/markup connectors/connector.h
connectors/poller   | daemon/base connectors/http connectors/markup connectors/connector.h connectors/source.h connectors/source_state.h
rules               | daemon/base
daemon/config       | daemon/base connectors/connector.h connectors/source.h connectors/registry.h
daemon/store        | daemon/base
daemon/queue        | daemon/base daemon/store
daemon/cases        | daemon/base daemon/store daemon/queue connectors/connector.h connectors/source_state.h
daemon/publish      | daemon/base daemon/store daemon/config/settings.h
daemon/status       | daemon/base
daemon/app          | daemon connectors rules
'
# header pattern | the only rooms (prefixes) whose sources may include it
owners='
curl/              | connectors/http
rapidjson/         | daemon/base/json.cc
yaml-cpp/          | daemon/base/yaml_node.cc
spdlog/            | daemon/base/log.cc
openssl/           | daemon/base/digest.cc
expat              | connectors/sites/syndication
unicode/           | rules/text connectors/markup
cld2/              | rules/text
re2/               | rules
sqlite3.h          | daemon/store
librdkafka/        | daemon/publish
microhttpd.h       | daemon/status
CLI/               | daemon/app
daemon/base/reach.h | daemon/base connectors rules daemon/cases
'
bad=0
complain() { printf '%s\n' "$1"; bad=1; }

room_of() {  # The longest room that holds the file.
  local best='' room
  while IFS='|' read -r room _; do
    room=${room// /}
    [[ -n $room && $1 == "$room"/* && ${#room} -gt ${#best} ]] && best=$room
  done <<<"$rooms"
  printf '%s' "$best"
}
allowed_of() {
  local room allowed
  while IFS='|' read -r room allowed; do
    [[ ${room// /} == "$1" ]] && printf '%s' "$allowed"
  done <<<"$rooms"
}
starts_with_any() {  # value prefixes...
  local value=$1 prefix
  shift
  for prefix in "$@"; do [[ $value == "$prefix" || $value == "$prefix"/* ]] && return 0; done
  return 1
}

checked=0
while read -r file; do
  room=$(room_of "$file")
  read -ra allowed <<<"$(allowed_of "$room")"
  while read -r include; do
    checked=$((checked + 1))
    if [[ -n $room && $include =~ ^(daemon|connectors|rules|tests)/ ]]; then
      starts_with_any "$include" "$room" ${allowed[@]+"${allowed[@]}"} ||
        complain "$file includes $include, which $room may not know"
    fi
    while IFS='|' read -r pattern owner; do
      pattern=${pattern// /}
      [[ -n $pattern && $include == "$pattern"* ]] || continue
      read -ra owner <<<"$owner"
      starts_with_any "$file" "${owner[@]}" ||
        complain "$file includes $include, which belongs to ${owner[*]}"
    done <<<"$owners"
  done < <(sed -nE 's/^#include [<"]([^>"]+)[>"].*/\1/p' "$file")
done < <(find daemon connectors rules -name '*.h' -o -name '*.cc' | sort)
# All of ours is one namespace: a type name defined in two headers makes the linker take one for the other
# (undefined behaviour that no compiler reports).
while read -r name; do
  complain "the type $name is defined in more than one header: $(grep -lrE "^(struct|class|enum class) $name( final)?( :.*)? \\{" \
    --include='*.h' daemon connectors rules | tr '\n' ' ')"
done < <(grep -hroE '^(struct|class|enum class) [A-Za-z0-9]+( final)?( :.*)? \{' --include='*.h' daemon connectors rules |
  awk '{ print $1 == "enum" ? $3 : $2 }' | sort | uniq -d)

[[ $checked -gt 0 ]] || complain 'nothing was checked'
printf '%d includes checked\n' "$checked"
exit $bad
