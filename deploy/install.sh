#!/bin/sh
# Install Hygie from this folder, without any network.   ./install.sh [PREFIX]   (default /opt/hygie)
# Every file is checked against SHA256SUMS, then every package against its hash by pip.
set -eu
cd "$(dirname "$0")"
prefix=${1:-/opt/hygie}
python=${PYTHON:-python3}

fail() { echo "Erreur : $1" >&2; exit 1; }

command -v sha256sum >/dev/null || fail "sha256sum est absent : installez coreutils"
sha256sum --quiet --strict -c SHA256SUMS || fail "un fichier a changé : recopiez l’archive"
wanted=$(cat PYTHON_VERSION)
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') \
  || fail "$python est absent : installez Python $wanted, ou PYTHON=/chemin ./install.sh"
[ "$found" = "$wanted" ] || fail "cette archive est pour Python $wanted, et $python est $found"
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "le module venv est absent : installez python3-venv"

"$python" -m venv "$prefix" || fail "$prefix ne peut pas être écrit : lancez en root ou choisissez un autre dossier"
"$prefix/bin/python" -m pip install -q --disable-pip-version-check --no-index --no-cache-dir \
  --find-links wheels --require-hashes -r core.txt -r hygie.txt
mkdir -p "$prefix/share/doc" "$prefix/share/deploy"
cp docs/*.md "$prefix/share/doc/"
cp deploy/* "$prefix/share/deploy/"
"$prefix/bin/hygie" version
cat <<END
Installé dans $prefix. Ensuite :
  1. useradd --system --home-dir /var/lib/hygie --shell /usr/sbin/nologin hygie
  2. install -D -m 0600 $prefix/share/deploy/hygie.env.example /etc/hygie/hygie.env   (puis remplissez-le)
  3. cp $prefix/share/deploy/hygie-*.service $prefix/share/deploy/hygie-*.timer /etc/systemd/system/
  4. lisez $prefix/share/doc/operation.md : première base, TLS, sauvegardes
END
