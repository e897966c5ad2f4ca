#!/bin/bash
# Usage: examples_test.sh WEBCARECTL WEBCARED [ROOT]
#
# Holds the documents against the programs: examples, manual pages, completion, commands and links in READMEs.
set -uo pipefail
ctl=$(readlink -f "$1") daemon=$(readlink -f "$2")
cd "${3:-$(dirname "${BASH_SOURCE[0]}")/../..}" || exit 1
[[ -x $ctl && -x $daemon ]] || { echo 'no programs given'; exit 1; }
unset CREDENTIALS_DIRECTORY
export LC_ALL=C.UTF-8
work=$(mktemp -d)
mkdir "$work/empty"
trap 'rm -rf "$work"' EXIT
bad=0 done_=0
complain() { printf '%s\n' "$*"; bad=1; }
same() {  # claim here there: two lists of words, one a line, hold the same
  done_=$((done_ + 1))
  [[ -n $2 ]] || complain "$1: nothing was found"
  diff <(sort -u <<<"$2") <(sort -u <<<"$3") >"$work/diff" && return
  complain "$1:"
  sed -n 's/^< /  only the first: /p; s/^> /  only the second: /p' "$work/diff"
}

# --- the examples load
conf=$work/etc
cp -r deploy/examples "$conf"
cp rules/packs/*.yaml "$conf/rules.d"
mkdir "$conf/credentials"
echo not-a-real-token >"$conf/credentials/mastodon.token"
"$ctl" -c "$conf/webcared.yaml" check >"$work/out" 2>&1 || complain "deploy/examples: $(cat "$work/out")"

# Lines "#key: value" of FILE come alive: all (but those of the pattern $2), or that of line number $2 with the keys it
# stands under.
enliven() {  # file all|NUMBER [pattern]
  awk -v which="$2" -v but="${3:-^$}" '
    function key(text) { return text ~ /^#(  )*(- )?[a-z_.]+:/ }
    function depth(text) { sub(/^#/, "", text); match(text, /^ *(- )?/); return RLENGTH }
    { lines[NR] = $0 }
    END {
      if (which == "all") {
        for (i = 1; i <= NR; ++i)
          if (key(lines[i]) && lines[i] !~ but) sub(/^#/, "", lines[i])
      } else {
        level = depth(lines[which]); sub(/^#/, "", lines[which])
        for (i = which - 1; i > 0 && level > 0; --i) {
          if (lines[i] ~ /^ *# [^ ]/ || depth(lines[i]) >= level) continue
          level = depth(lines[i])
          if (key(lines[i])) sub(/^#/, "", lines[i])
        }
      }
      for (i = 1; i <= NR; ++i) print lines[i]
    }' "$1"
}
judge() {  # file claim [allowed message]
  done_=$((done_ + 1))
  "$ctl" -c "$conf/webcared.yaml" check >"$work/out" 2>&1 && return
  [[ -n ${3-} ]] && ! grep -q 'unknown key' "$work/out" && return
  complain "$1, $2: $(sed "s|$conf/||" "$work/out")"
}
rm "$conf"/rules.d/*.yaml
printf 'version: 1\nlabels:\n  a: {threshold: 1, queue: true}\nrules:\n  - {id: a, label: a, weight: 1, when: {word: ab}}\n...\n' \
  >"$conf/rules.d/one.yaml"
mapfile -t files < <(cd deploy/examples && ls webcared.yaml sources.d/*.yaml)
for file in "${files[@]}"; do
  whole=$conf/$file
  while read -r hit; do
    number=${hit%%:*} line=${hit#*:}
    enliven "deploy/examples/$file" "$number" >"$whole"
    # A list or a mapping is not whole without what stands below it.
    part=''
    [[ $line =~ :$ || $line =~ no\ default$ || $line =~ ^#\ *(- |handle:) ]] && part=part
    judge "$file" "with '${line#\#}'" $part
  done < <(grep -nE '^#(  )*(- )?[a-z_.]+:' "deploy/examples/$file")
  enliven "deploy/examples/$file" all '^#    every:' >"$whole"
  judge "$file" 'with every key'
  enliven "deploy/examples/$file" all '^#    (adaptive:|  least:|  most:)' >"$whole"
  judge "$file" 'with every key but adaptive'
  cp "deploy/examples/$file" "$whole"
done
cp rules/packs/*.yaml "$conf/rules.d" && rm "$conf/rules.d/one.yaml"

# --- keys: examples, manual, code
paths() {  # file...: dotted paths of the keys, dead or alive; keys that only hold others end in '.'
  sed -E 's/^#((  )*(- )?[a-z_.]+:)/\1/; s/ +# no default$//' "$@" | awk '
    /^ *#/ || !/^ *(- )?[a-z_.]+:/ { next }
    { match($0, /^ *(- )?/); level = RLENGTH; text = substr($0, level + 1); name = text; sub(/:.*/, "", name)
      while (top > 0 && levels[top] >= level) --top
      levels[++top] = level; names[top] = name; path = names[1]
      for (i = 2; i <= top; ++i) path = path "." names[i]
      print path (text ~ /: *$/ ? "." : "") }' | sort -u
}
in_manual() {  # section...: keys explained by manual page webcared.yaml.5 there
  local section
  for section in "$@"; do
    awk -v wanted="$section" '/^\.S[hs] / { on = ($0 == wanted) } on && /^\.It Li / { print $3 }' \
      deploy/man/webcared.yaml.5
  done | sort -u
}
same 'keys of the examples and of webcared.yaml(5), settings' \
  "$(paths deploy/examples/webcared.yaml | grep -vE '^[a-z]+\.$|^brand\.office_hours\.[a-z]|\.properties\.[a-z]' | sed 's/\.$//')" \
  "$(in_manual '.Sh SETTINGS')"
same 'keys of the examples and of webcared.yaml(5), sources' \
  "$(paths deploy/examples/sources.d/*.yaml | grep -vE '\.$|^version$' | sed 's/^sources\.//')" \
  "$(in_manual '.Sh SOURCES' '.Ss mastodon' '.Ss syndication')"
same 'keys of the code and of the examples' \
  "$(grep -ohE '(Get|Require)\("[a-z_]+"\)|pair\{"[a-z]+", &config|"[a-z]+day"' daemon/config/*_file.cc \
    connectors/sites/*/*_config.cc connectors/sites/*/*_connector.cc | grep -oE '"[a-z_]+"' | tr -d '"')" \
  "$(paths deploy/examples/*.yaml deploy/examples/sources.d/*.yaml | grep -vE '\.properties\.[a-z.]+\.?$' |
    sed 's/\.$//; s/.*\.//'; paths deploy/examples/webcared.yaml | sed -n 's/.*\.password\.\(secret\)$/\1/p')"

# --- commands and options: --help, manual, completion
options_of() { "$@" --help | sed -nE 's/^ +(-[a-z],)?(--[a-z-]+).*/\1\2/p' | tr ',' '\n'; }
own_options_of() { options_of "$@" | grep -vxE -- '-h|--help'; }
commands_of() { "$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
flags() { grep -oE '(Fl|\|) -?[a-z-]+' | sed -E 's/(Fl|\|) /-/'; }
# The options that a part of a page lists. `where` is a pattern of its heading.
listed_in() {  # page where
  awk -v where="$2" '/^\.S[hs] / { on = ($0 ~ where) } on && /^\.It Fl/' "deploy/man/$1" | sed 's/ , -/ Fl -/' | flags
}
complete_after() {  # program word...: what bash offers as the next word, an option begun or not
  local function=_$1 cur
  for cur in '' -; do
    COMP_WORDS=("$@" "$cur") COMP_CWORD=$# COMPREPLY=()
    $function
    printf '%s\n' "${COMPREPLY[@]}"
  done | grep -E '^(-|[a-z]+$)' | sort -u
}
zsh_branch() {  # command: the options its branch offers
  awk -v start="^ *$1\\\\)" '$0 ~ start { on = 1 } on; /;;/ { on = 0 }' deploy/completion/_webcarectl |
    grep -oE -- '--[a-z-]+' | sort -u
}
# shellcheck source=/dev/null
for file in deploy/completion/*.bash; do source "$file"; done

daemon_options=$(options_of "$daemon")
same 'options of webcared and webcared(8)' "$daemon_options" "$(listed_in webcared.8 '^.Sh DESCRIPTION')"
same 'options of webcared and the synopsis of webcared(8)' "$(grep -- -- <<<"$daemon_options")" \
  "$(sed -n '/^.Sh SYNOPSIS/,/^.Sh DESC/p' deploy/man/webcared.8 | flags | grep -- --)"
same 'options of webcared and its bash completion' "$daemon_options" "$(cd "$work/empty" && complete_after webcared --adopt)"
same 'options of webcared and its zsh completion' "$(grep -- -- <<<"$daemon_options")" \
  "$(grep -oE -- '--[a-z-]+' deploy/completion/_webcared)"

common=$(options_of "$ctl" | grep -vx -- --version)
commands=$(commands_of "$ctl")
same 'options of webcarectl and webcarectl(1)' "$(options_of "$ctl")" "$(listed_in webcarectl.1 '^.Sh DESCRIPTION')"
same 'commands of webcarectl and its bash completion' "$(options_of "$ctl"; echo "$commands")" \
  "$(cd "$work/empty" && complete_after webcarectl)"
same 'commands of webcarectl and its zsh completion' "$commands" \
  "$(sed -n "/a commands=/,/^  )/s/^ *'\([a-z]*\):.*/\1/p" deploy/completion/_webcarectl)"
leaves=''
for command in $commands; do
  inner=$(commands_of "$ctl" "$command")
  if [[ -n $inner ]]; then leaves+=$(printf "$command %s\\n" $inner)$'\n'; else leaves+=$command$'\n'; fi
  offered=$(own_options_of "$ctl" "$command")
  same "options of webcarectl $command and its bash completion" "$(printf '%s\n' "$common" $offered $inner)" \
    "$(cd "$work/empty" && complete_after webcarectl "$command")"
  [[ -z $offered ]] && continue
  same "options of webcarectl $command and webcarectl(1)" "$offered" "$(listed_in webcarectl.1 "^.Ss $command( |\$)")"
  same "options of webcarectl $command and the heading in webcarectl(1)" "$offered" \
    "$(grep -E "^.Ss $command( |\$)" deploy/man/webcarectl.1 | flags)"
  same "options of webcarectl $command and its zsh completion" "$offered" "$(zsh_branch "$command")"
done
same 'commands of webcarectl and webcarectl(1)' "$(grep . <<<"$leaves")" \
  "$(sed -nE 's/^\.Ss ([a-z]+( [a-z]+)?).*/\1/p' deploy/man/webcarectl.1)"

# --- what the documents tell people to type
documents=(README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md SECURITY.md connectors/README.md rules/README.md
  rules/packs/README.md deploy/EVENTS.md deploy/examples/*.yaml deploy/examples/*/* deploy/man/* systemd/*)
same 'commands in the documents' "$(printf '%s\n' "$commands" "$(grep -ohE '\bwebcarectl [a-z]+' "${documents[@]}" | cut -d ' ' -f 2 |
  grep -vxE 'for|does')")" "$commands"
same 'options in the documents' "$(printf '%s\n' "$daemon_options" "$(grep -ohE '\bwebcared --[a-z-]+' "${documents[@]}" | cut -d ' ' -f 2)")" \
  "$daemon_options"
blocks() {  # Blocks of YAML that begin with "version:", as files.
  awk -v to="$work/block" '
    /^```yaml|^\.Bd/ { on = 1; text = ""; next }
    /^```|^\.Ed/ { if (on && text ~ /^version: 1/) { printf "%s", text >(to (++n)); close(to n) } on = 0; next }
    on { sub(/^\\&/, ""); text = text $0 "\n" }' "${documents[@]}"
}
blocks
for block in "$work"/block*; do
  folder=$work/try
  rm -rf "$folder" && mkdir "$folder" && cp -r "$conf" "$folder/etc"
  if grep -q '^rules:' "$block"; then
    rm "$folder"/etc/rules.d/* && cp "$block" "$folder/etc/rules.d/block.yaml"
  elif grep -q '^sources:' "$block"; then
    cp "$block" "$folder/etc/sources.d/forum.yaml"; rm "$folder/etc/sources.d/feed.yaml"
  else
    cp "$block" "$folder/etc/webcared.yaml"; rm "$folder/etc/sources.d/"mastodon-{search,mentions}.yaml
  fi
  done_=$((done_ + 1))
  "$ctl" -c "$folder/etc/webcared.yaml" check >"$work/out" 2>&1 || complain "an example in a document: $(cat "$work/out" "$block")"
done
[[ -f $work/block6 ]] || complain 'the documents held six examples'
{ cat "${documents[@]}"; "$ctl" --help; } | sed 's/\\(dq/"/g' |
  grep -oE '(echo "[^"]+" \| )?webcarectl explain( --[a-z-]+ [^" ]+)*( "[^"]+"| -$)' |
  sed -E 's|--rules [^ ]+|--rules ./rules.d|' | sort -u >"$work/explains"
while read -r line; do
  done_=$((done_ + 1))
  out=$(cd "$conf" && webcarectl() { "$ctl" -c "$conf/webcared.yaml" "$@"; } && eval "$line" 2>&1) ||
    complain "does not run: $line: $out"
  grep -q '^yes ' <<<"$out" || complain "gives no label: $line"
done <"$work/explains"
[[ $(wc -l <"$work/explains") -ge 3 ]] || complain 'the documents held three commands to explain a text'
grep -HnoE '\]\([^)# ]+' "${documents[@]}" | while read -r hit; do
  target=${hit##*'('} file=${hit%%:*}
  [[ $target == http*://* || -e $(dirname "$file")/$target ]] || echo "$file: no such file: $target"
done >"$work/links"
[[ -s $work/links ]] && complain "$(cat "$work/links")"

# --- the manual pages are sound
if command -v groff >/dev/null; then
  for page in deploy/man/*; do
    done_=$((done_ + 1))
    groff -mdoc -ww -Tutf8 -z "$page" >"$work/out" 2>&1
    [[ -s $work/out ]] && complain "$page: $(cat "$work/out")"
  done
else
  echo 'SKIPPED: the manual pages are not checked: groff is not installed'
fi

# --- systemd takes the unit, and it is shut tightly
if command -v systemd-analyze >/dev/null; then
  unit=$work/webcared.service
  sed "s|/usr/sbin/webcared |$daemon |; s|/usr/bin/webcarectl |$ctl |" systemd/webcared.service >"$unit"
  grep -q "^ExecStart=$daemon " "$unit" || complain 'systemd/webcared.service does not start /usr/sbin/webcared'
  done_=$((done_ + 2))
  systemd-analyze verify --man=no "$unit" >"$work/out" 2>&1 && [[ ! -s $work/out ]] ||
    complain "systemd/webcared.service: $(cat "$work/out")"
  systemd-analyze security --offline=true --threshold=15 "$unit" >"$work/out" 2>&1 ||
    complain "systemd/webcared.service is more exposed than 1.5: $(tail -n 1 "$work/out")"
else
  echo 'SKIPPED: the systemd unit is not checked: systemd-analyze is not installed'
fi

printf '%d claims checked\n' "$done_"
exit $bad
