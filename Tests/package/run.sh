#!/usr/bin/env bash
# The life of the Debian package in a clean root file system, as root: run.sh PACKAGE
# Installed, checked, started without a key, upgraded, removed, purged. No service manager runs there.
set -euo pipefail
package=$(realpath "${1:?usage: run.sh PACKAGE}")
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
# Only the dependencies are kept there: the package itself is what is tested.
dependencies=$(dpkg-deb -f "$package" Depends | tr ',' '\n' | sed -E 's/\|.*//; s/\(.*//' | xargs)
cache=$(cd "$(dirname "$0")/../.." && pwd)/.build/package-root-$(sha256sum <<<"$dependencies" | cut -c 1-12).tar
root=$(mktemp -d)
trap 'umount -q "$root/proc" || true; rm -rf "$root"' EXIT

step() { printf 'package: %s\n' "$*"; }

fail() {
    printf 'package: FAILED: %s\n' "$*" >&2
    exit 1
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

# quietly COMMAND…: its output only if it fails.
quietly() { "$@" >"$root/said" 2>&1 || { cat "$root/said" >&2; fail "$*"; }; }

# files: everything there is but what apt, dpkg and the kernel keep for themselves.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/dpkg \
        -o -path ./var/lib/apt -o -path ./tmp -o -path ./run -o -name said \) -prune -o -print | sort)
}

step "a clean Debian 12, with what the package depends on"
if [ ! -f "$cache" ]; then
    quietly debootstrap --variant=minbase bookworm "$root" "$mirror"
    mount -t proc proc "$root/proc"
    # shellcheck disable=SC2086
    quietly inside apt-get install -y -qq --no-install-recommends $dependencies
    rm "$root/said"
    umount "$root/proc"
    mkdir -p "$(dirname "$cache")"
    tar -C "$root" -cf "$cache" .
else
    tar -C "$root" -xf "$cache"
fi
mount -t proc proc "$root/proc"
chmod 0755 "$root"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
files >"$root/tmp/before"

step "install"
cp "$package" "$root/tmp/package.deb"
quietly inside dpkg --install /tmp/package.deb
inside dpkg --listfiles fennec-gateway | while read -r path; do
    [ -d "$root$path" ] || inside stat -c '    %A %U:%G %n' "$path"
done

# mode PATH WANTED
mode() {
    local found
    found=$(inside stat -c '%a %U:%G' "$1")
    [ "$found" = "$2" ] || fail "$1 is $found, not $2"
}
mode /usr/bin/fennec-gateway "755 root:root"
mode /etc/fennec-gateway/fennec-gateway.yaml "644 root:root"
mode /etc/fennec-gateway/keys "750 root:fennec-gateway"
inside getent passwd fennec-gateway | grep -q ':/usr/sbin/nologin$' || fail "the user can log in"
for unit in multi-user.target.wants/fennec-gateway.service sockets.target.wants/fennec-gateway.socket \
    sockets.target.wants/fennec-gateway-admin.socket; do
    [ -L "$root/etc/systemd/system/$unit" ] || fail "$unit is not enabled"
done

for page in $(grep -rhoE 'file://[^ ]+' "$root/lib/systemd/system/"fennec-gateway*); do
    [ -f "$root${page#file://}" ] || fail "the units point to $page, which is not there"
done
for page in fennec-gateway.8 fennec-gateway.yaml.5; do
    [ -f "$root/usr/share/man/man${page##*.}/$page.gz" ] || fail "there is no manual page $page"
done

step "the units and the shipped configuration are right"
inside systemd-analyze verify --man=no fennec-gateway.service fennec-gateway.socket fennec-gateway-admin.socket \
    || fail "systemd-analyze verify"
as_service() { inside setpriv --reuid fennec-gateway --regid fennec-gateway --clear-groups --no-new-privs "$@"; }
as_service fennec-gateway check-config --quiet /etc/fennec-gateway/fennec-gateway.yaml || fail "check-config"

step "a first start without a key tells how to add one"
status=0
said=$(as_service fennec-gateway serve --config /etc/fennec-gateway/fennec-gateway.yaml 2>&1) || status=$?
[ "$status" = 78 ] || fail "it exits with $status: $said"
[[ $said == *"/etc/credstore/fennec-api-key"* ]] || fail "it does not tell: $said"

step "upgrade: what the operator changed stays, and so does the state"
echo "# mine" >>"$root/etc/fennec-gateway/fennec-gateway.yaml"
inside install -d -o fennec-gateway -g fennec-gateway -m 0700 /var/lib/fennec-gateway
echo state >"$root/var/lib/fennec-gateway/usage.sqlite"
dpkg-deb -R "$package" "$root/tmp/next"
sed -i 's/^Version: .*/&+next/' "$root/tmp/next/DEBIAN/control"
quietly dpkg-deb --root-owner-group -Zgzip -b "$root/tmp/next" "$root/tmp/next.deb"
quietly inside dpkg --install /tmp/next.deb
grep -q '^# mine' "$root/etc/fennec-gateway/fennec-gateway.yaml" || fail "the configuration was overwritten"
[ "$(cat "$root/var/lib/fennec-gateway/usage.sqlite")" = state ] || fail "the state is gone"

step "remove: the program goes, configuration and state stay"
quietly inside dpkg --remove fennec-gateway
[ ! -e "$root/usr/bin/fennec-gateway" ] || fail "the program is still there"
[ -e "$root/etc/fennec-gateway/fennec-gateway.yaml" ] || fail "the configuration is gone"
[ -e "$root/var/lib/fennec-gateway/usage.sqlite" ] || fail "the state is gone"

step "purge: nothing stays but the user"
quietly inside dpkg --purge fennec-gateway
files >"$root/tmp/after"
# What systemd and sysusers keep of users, and backups of the user database.
left=$(comm -13 "$root/tmp/before" "$root/tmp/after" | grep -vE '^\./etc/(passwd|group|shadow|gshadow)-$' || true)
[ -z "$left" ] || fail "this is left: $left"
step "all is well"
