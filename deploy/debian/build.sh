#!/usr/bin/env bash
# Builds the Debian package around a program that is built already: build.sh PROGRAM TARGET_DIRECTORY
set -euo pipefail
program=$(realpath "${1:?usage: build.sh PROGRAM TARGET_DIRECTORY}")
target=$(realpath -m "${2:?usage: build.sh PROGRAM TARGET_DIRECTORY}")
top=$(cd "$(dirname "$0")/../.." && pwd)
version=$(dpkg-parsechangelog -l "$top/deploy/debian/changelog" -S Version)
built_version=$("$program" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -1)
[ "$version" = "$built_version" ] || {
    echo "deploy/debian/changelog says $version, the program $built_version: add an entry to the changelog" >&2
    exit 1
}

tree=$target/fennec-gateway-$version
rm -rf "$target"
mkdir -p "$tree"/built/{man,completions}
cp -r "$top"/{README.md,LICENSE,config} "$tree"
mkdir "$tree/deploy"
cp -r "$top"/deploy/{systemd,prometheus,grafana,examples} "$tree/deploy"
cp -r "$top/deploy/debian" "$tree/debian"
cp "$top/deploy/README.md" "$tree/built/handbook.md"
ln -s ../deploy/systemd/fennec-gateway.sysusers "$tree/debian/fennec-gateway.sysusers"
ln -s ../deploy/systemd/fennec-gateway.tmpfiles "$tree/debian/fennec-gateway.tmpfiles"
cp "$program" "$tree/built/fennec-gateway"
"$top/deploy/man/make-pages.py" "$program" "$top/config/fennec-gateway.yaml" "$tree/built/man"
"$program" --generate-completion-script bash | sed "1{/^#!/d}" >"$tree/built/completions/fennec-gateway"
"$program" --generate-completion-script zsh >"$tree/built/completions/_fennec-gateway"
"$program" --generate-completion-script fish >"$tree/built/completions/fennec-gateway.fish"
# Without a check of the build dependencies: what they are for has been built.
(cd "$tree" && dpkg-buildpackage --build=binary --no-sign --no-check-builddeps) >"$target/build.log" 2>&1 || {
    cat "$target/build.log" >&2
    exit 1
}
ls "$target"/*.deb
