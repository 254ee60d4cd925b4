# The same kinds of load by stress-ng, which verifies its own work.
command -v stress-ng >/dev/null || { echo "skip: no stress-ng in this guest"; exit 0; }
stress-ng --cpu {{machine.smp}} --vm 1 --vm-bytes {{memory_percent}}% --fork 1 --pipe 1 --timer 1 --sigq 1 --fp 1 \
    --hdd 1 --hdd-bytes 8M --temp-path "{{folder}}" --timeout {{duration}}s --verify --metrics-brief
