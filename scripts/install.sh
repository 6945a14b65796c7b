#!/usr/bin/env bash
# Installs the apus given first, with its shell completions, below the directory given second. Nothing else is written.
set -euo pipefail

apus=${1:?the apus to install}
prefix=${2:?the directory to install below}

# install_completion SHELL FILE
install_completion() {
    local text
    text=$("$apus" --generate-completion-script "$1")
    install -d "$(dirname "$prefix/$2")"
    printf '%s\n' "$text" >"$prefix/$2"
    chmod 644 "$prefix/$2"
}

install -d "$prefix/bin"
install -m 755 "$apus" "$prefix/bin/apus"
# Without it apus starts itself in its place, which takes some milliseconds more.
install -d "$prefix/libexec/apus"
install -m 755 "$(dirname "$apus")/apus-launcher" "$prefix/libexec/apus/apus-launcher"
install_completion bash share/bash-completion/completions/apus
install_completion zsh share/zsh/site-functions/_apus
install_completion fish share/fish/vendor_completions.d/apus.fish
echo "installed $prefix/bin/apus"
