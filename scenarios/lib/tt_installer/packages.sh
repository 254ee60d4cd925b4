# Asks the distribution's package manager for each package of the table, and the programs for their
# versions. One JSON line each.
required=' {{required_packages}} '
tab=$(printf '\t')

distributions() { grep -v -e '^#' -e '^$' <<'TABLE'
{{distributions}}
TABLE
}
managers() { grep -v -e '^#' -e '^$' <<'TABLE'
{{managers}}
TABLE
}
packages() { grep -v -e '^#' -e '^$' <<'TABLE'
{{packages}}
TABLE
}

result() { # name outcome reason
    printf '{"test": "%s", "outcome": "%s", "reason": "%s"}\n' "$1" "$2" "$(printf %s "$3" | tr -d '"\\')"
}

. /etc/os-release
manager=
for id in $ID $ID_LIKE; do
    manager=$(distributions | while IFS=$tab read -r known its; do
        if [ "$known" = "$id" ]; then echo "$its"; break; fi
    done)
    [ -z "$manager" ] || break
done
[ -n "$manager" ] || { echo "skip: no package manager is known for the distribution $ID"; exit 0; }

while IFS=$tab read -r name program command; do
    [ "$name" = "$manager" ] || continue
    probe=$program
    query=$command
done <<TABLE
$(managers)
TABLE
command -v "$probe" >/dev/null || { echo "skip: this $ID has no $probe to ask for packages"; exit 0; }

is_installed() { eval "$(printf %s "$query" | sed "s|@|$1|")"; }

version_of() { # command; the first number with a dot in what it prints
    eval "$1" 2>/dev/null | grep -o '[0-9][0-9]*\.[0-9][0-9.]*' | head -n 1
}

check() { # name packages version-command oldest
    absent=
    for one in $(echo "$2" | tr + ' '); do is_installed "$one" || absent="$absent $one"; done
    if [ -n "$absent" ]; then
        case $required in
            *" $1 "*|' all ') result "$1" failed "$manager says that it is not installed:$absent" ;;
            *) result "$1" skipped "$manager says that it is not installed:$absent" ;;
        esac
        return
    fi
    [ "$3" != - ] || { result "$1" passed "$2"; return; }
    version=$(version_of "$3")
    if [ -z "$version" ]; then
        result "$1" failed "$2 is installed, and $3 prints no version"
    elif [ "$4" != - ] && [ "$(printf '%s\n' "$version" "$4" | sort -V | head -n 1)" != "$4" ]; then
        result "$1" failed "$version is older than $4"
    else
        result "$1" passed "$version"
    fi
}

packages | while IFS=$tab read -r name apt dnf apk emerge command oldest; do
    eval "package=\$$manager"
    if [ "$package" = - ]; then result "$name" skipped "$manager has no such package"
    else check "$name" "$package" "$command" "$oldest"; fi
done
