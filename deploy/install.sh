#!/usr/bin/env bash
# Installs the gateway where there is no Debian package for it, as root: deploy/install.sh PROGRAM
# Program, units, user, directories, and a configuration unless there is one. DESTDIR=DIRECTORY installs
# below that directory instead, and changes nothing of the running system. Running it again upgrades.
set -euo pipefail
program=${1:?usage: deploy/install.sh PROGRAM, for example .build/release/fennec-gateway}
deploy=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}

# place MODE FILE TARGET
place() {
    install -D -m "$1" "$2" "$root$3"
    echo "installed $root$3"
}

place 0755 "$program" /usr/bin/fennec-gateway
for unit in fennec-gateway.service fennec-gateway.socket fennec-gateway-admin.socket; do
    place 0644 "$deploy/systemd/$unit" "/etc/systemd/system/$unit"
done
place 0644 "$deploy/systemd/fennec-gateway.sysusers" /etc/sysusers.d/fennec-gateway.conf
place 0644 "$deploy/systemd/fennec-gateway.tmpfiles" /etc/tmpfiles.d/fennec-gateway.conf
if [ -e "$root/etc/fennec-gateway/fennec-gateway.yaml" ]; then
    echo "kept $root/etc/fennec-gateway/fennec-gateway.yaml"
else
    place 0644 "$deploy/debian/fennec-gateway.yaml" /etc/fennec-gateway/fennec-gateway.yaml
fi
"$program" check-config --quiet "$root/etc/fennec-gateway/fennec-gateway.yaml"

[ -z "$root" ] || exit 0
systemd-sysusers /etc/sysusers.d/fennec-gateway.conf
systemd-tmpfiles --create /etc/tmpfiles.d/fennec-gateway.conf
systemctl daemon-reload
echo "Write the API key to /etc/credstore/fennec-api-key with mode 0600, then:
  systemctl enable --now fennec-gateway.socket fennec-gateway-admin.socket fennec-gateway.service"
