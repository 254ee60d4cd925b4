command -v podman >/dev/null || { echo "skip: this guest has no podman"; exit 0; }
podman images | grep '{{container_image}}'
