# The disk below /mnt, with what programs expect.
set -e
mount -t ext4 -o noatime /dev/vda /mnt
mkdir -p /mnt/proc /mnt/sys /mnt/dev /mnt/run
mount -t proc proc /mnt/proc
mount -t sysfs -o ro sysfs /mnt/sys
mount -t devtmpfs devtmpfs /mnt/dev
mkdir -p /mnt/dev/pts
mount -t devpts -o gid=5,mode=620 devpts /mnt/dev/pts
mount -t tmpfs -o mode=755 tmpfs /mnt/run
