# Completion of webcarectl for bash: /usr/share/bash-completion/completions/webcarectl

_webcarectl() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' word
  local -i i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case ${COMP_WORDS[i - 1]} in
      -c | --config | --rules | --source-type | --stars | --group | --pace | --count) continue ;;
    esac
    [[ $word == -* ]] || { command+=${command:+ }$word; [[ $command == topics || $command == erase ]] || break; }
  done
  COMPREPLY=()
  local words='--config --json --help -c -h'
  case $prev in
    -c | --config) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --rules) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
    --source-type) mapfile -t COMPREPLY < <(compgen -W 'mastodon syndication' -- "$cur"); return ;;
    --stars) mapfile -t COMPREPLY < <(compgen -W '1 2 3 4 5' -- "$cur"); return ;;
    --pace) mapfile -t COMPREPLY < <(compgen -W '400ms 2s 30s' -- "$cur"); return ;;
    --group) mapfile -t COMPREPLY < <(compgen -W 'webcare-agents' -- "$cur"); return ;;
    --count) return ;;
  esac
  case $command in
    '') words+=' --version check erase explain queue reload status tail topics' ;;
    erase) words+=' --yes author post' ;;
    erase\ *) words+=' --yes' ;;
    explain)
      [[ $cur == -* ]] || { mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return; }
      words+=' --rules --source-type --stars' ;;
    reload) words+=' --wait' ;;
    tail) words+=' --group --pace --count --from-oldest' ;;
    topics) words+=' init check' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _webcarectl webcarectl
