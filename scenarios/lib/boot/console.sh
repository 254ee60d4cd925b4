# The kernel's console is {{console}}: it prints there, and /dev/console leads there.
active=$(cat /sys/class/tty/console/active)
echo "consoles: $active"
case " $active " in
*" {{console}} "*) ;;
*) echo "wrong: the kernel's consoles are '$active', expected {{console}} among them"; exit 1 ;;
esac
# The last one given on the command line is the one that /dev/console leads to.
main=${active##* }
[ "$main" = "{{console}}" ] || { echo "wrong: /dev/console leads to $main, expected {{console}}"; exit 1; }
[ ! -r /proc/consoles ] || grep '^{{console}} ' /proc/consoles || { echo "wrong: /proc/consoles lacks {{console}}"; exit 1; }
