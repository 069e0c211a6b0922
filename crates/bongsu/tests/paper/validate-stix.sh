#!/usr/bin/env bash
# Has the public validator of STIX 2.1 (OASIS, PyPI `stix2-validator`) judge the golden bundle, or the files given.
# Installs it into a folder of its own; needs python3 and the network the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${BONGSU_VENV:-$here/../../../../target/stix-validator}
[ -x "$venv/bin/stix2_validator" ] || {
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet stix2-validator==3.3.2
}
# Ids are of version 5 on purpose, so that the same facts give the same bundle; the specification asks for version 4 with "should".
exec "$venv/bin/stix2_validator" --version 2.1 --disable uuid-check "${@:-$here/stix.json}"
