# Completion of webcared for bash: /usr/share/bash-completion/completions/webcared

_webcared() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words
  case $prev in
    -c | --config) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
    --log-level) words='debug info warn error' ;;
    --log-format) words='auto text json' ;;
    *) words='--config --check-config --adopt --log-level --log-format --help --version -c -h' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _webcared webcared
