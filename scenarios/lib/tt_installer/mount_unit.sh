# As a mount unit, whose name must be its place as systemd escapes it.
unit=$(systemd-escape --path --suffix=mount "$place") || fail "systemd-escape failed"
cat >"/etc/systemd/system/$unit" <<UNIT
[Unit]
Description=Huge pages of $size_kb kB
DefaultDependencies=no
Before=local-fs.target

[Mount]
What=hugetlbfs
Where=$place
Type=hugetlbfs
Options=pagesize=$((size_kb / 1024))M

[Install]
WantedBy=local-fs.target
UNIT
systemctl daemon-reload
systemctl enable "$unit" || fail "$unit cannot be enabled"
systemctl start "$unit" || { systemctl status --no-pager "$unit"; fail "$unit does not start"; }
systemctl is-active "$unit" || fail "$unit is not active"
