# Sourced by the programs beside it: finds the checkout and a Python new enough to make the virtual environment.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

find_python() {
    for name in ${HOLDFAST_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    echo "Holdfast needs Python 3.11 or newer, and none was found here (looked for python3, python3.11 to python3.14)." \
        "Install one, or name it with HOLDFAST_PYTHON=/path/to/python3." >&2
    return 1
}

python=$(find_python) || exit 1
PYTHONPATH=$root
# Without compiled files every process of every start would compile some 1,300 modules again.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPATH
