# Runs the installer and keeps all that it says.
cd /root || exit 1
sh -c '[ -x /root/tt_installer ] && exec /root/tt_installer {{installer_options}}' \
    >/root/tt_installer.log 2>&1
status=$?
echo "the installer ended with status $status after these lines:"
tail -n 20 /root/tt_installer.log
exit $status
