#!/bin/bash
# The log events of the code and those explained in deploy/EVENTS.md are the same.
set -uo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/..}" || exit 1
logged=$(find daemon connectors rules -name '*.cc' -exec cat {} + | tr '\n' ' ' |
  grep -oE 'log_?[a-z_]*(->|\.)(Debug|Info|Warn|Error)\( *"[a-z_]+"' | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u)
explained=$(sed -nE 's/^- (`[a-z_]+`[^:]*):.*/\1/p' deploy/EVENTS.md | grep -oE '`[a-z_]+`' | tr -d '`' | sort -u)
[[ -n $logged ]] || { echo 'no log event found in the code'; exit 1; }
diff <(printf '%s\n' "$logged") <(printf '%s\n' "$explained") |
  sed -n 's/^< /logged, not explained in deploy\/EVENTS.md: /p; s/^> /explained in deploy\/EVENTS.md, logged nowhere: /p'
[[ $logged == "$explained" ]]
