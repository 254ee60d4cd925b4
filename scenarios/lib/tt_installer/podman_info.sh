command -v podman >/dev/null || { echo "skip: this guest has no podman"; exit 0; }
podman --version || exit 1
podman --storage-driver vfs --cgroup-manager cgroupfs info
