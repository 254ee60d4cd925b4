# Runs each of the installer's Python tools, parted by semicolons. One JSON line each.
PATH=$PATH:/root/.local/bin:/opt/tenstorrent/bin
echo '{{python_tools}}' | tr ';' '\n' | while read -r program arguments; do
    [ -n "$program" ] || continue
    if ! command -v "$program" >/dev/null; then
        printf '{"test": "%s", "outcome": "skipped", "reason": "%s is not installed"}\n' "$program" "$program"
    elif said=$($program $arguments 2>&1); then
        printf '{"test": "%s", "outcome": "passed", "reason": "%s"}\n' "$program" \
            "$(echo "$said" | head -n 1 | tr -d '"\\')"
    else
        printf '{"test": "%s", "outcome": "failed", "reason": "%s"}\n' "$program" \
            "$(echo "$said" | tail -n 1 | tr -d '"\\')"
    fi
done
