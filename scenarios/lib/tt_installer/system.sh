# Finds the distribution and the init system as the installer does, from files alone.
[ -r /etc/os-release ] || { echo "no /etc/os-release"; exit 1; }
. /etc/os-release
echo "id ${ID:-none}"
echo "like ${ID_LIKE:-none}"
echo "version ${VERSION_ID:-none}"
if [ -d /run/systemd/system ]; then init=systemd
elif [ -d /run/openrc ]; then init=openrc
else
    case $(readlink /proc/1/exe) in
        *busybox) init=busybox ;;
        *) read -r init </proc/1/comm ;;
    esac
fi
echo "init $init"
