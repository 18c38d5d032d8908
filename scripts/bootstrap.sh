# shellcheck shell=sh
# Brings a checkout from nothing to runnable; sourced by ./run, ./test and .ci/run, in the root of the checkout.
#
#   bootstrap run     what the application needs
#   bootstrap test    that, and the tools, the browser and the servers of the tests
#
# Everything is checked before anything is changed. Missing system packages are installed by root or passwordless sudo;
# without either, the one line that an administrator must run is printed and the exit status is 2.

export FONTCONFIG_FILE="$PWD/app/static/fonts/fonts.conf"

bootstrap() {
    purpose=$1
    stamp=$(installation_stamp)
    if ! is_installed; then
        missing=$(missing_packages)
        [ -z "$missing" ] || install_packages "$missing"
        install_python_packages
    fi
    compile_messages
}

# What an installation depends on. A moved checkout is another installation: a venv holds absolute paths.
installation_stamp() {
    cat requirements.lock requirements-dev.lock scripts/bootstrap.sh | { sha256sum && pwd; } | tr '\n' ' '
}

is_installed() {
    for made in test "$purpose"; do
        [ "$(cat ".venv/.installed-$made" 2>/dev/null)" = "$stamp" ] && .venv/bin/python -c '' 2>/dev/null && return 0
    done
    return 1
}

find_python() {
    for candidate in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# The system packages, by Debian's names, that are needed and absent.
missing_packages() {
    python=$(find_python)
    if [ -z "$python" ]; then
        # Ubuntu 22.04 calls 3.10 python3.
        grep -qs '^VERSION_CODENAME=jammy' /etc/os-release && echo python3.11 python3.11-venv || echo python3 python3-venv
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    has_pdf_libraries "$python" || echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1
    if [ "$purpose" = test ]; then
        has_command "${CHROMIUM:-chromium-headless-shell}" || echo chromium-headless-shell
        has_postgresql || echo postgresql
        has_command redis-server || echo redis-server
        has_command pdftotext || echo poppler-utils
        has_command openssl || echo openssl
    fi
}

has_command() {
    command -v "$1" >/dev/null 2>&1
}

has_postgresql() {
    has_command initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

# The five libraries that WeasyPrint loads.
has_pdf_libraries() {
    [ -n "$1" ] && "$1" - 2>/dev/null <<'PYTHON'
import ctypes, sys
names = ("gobject-2.0", "pango-1.0", "harfbuzz", "fontconfig", "pangoft2-1.0")
if sys.platform == "darwin":
    from ctypes.util import find_library
    sys.exit(not all(map(find_library, names)))
for name in names:
    ctypes.CDLL(f"lib{name}.so.{1 if name == 'fontconfig' else 0}")
PYTHON
}

install_packages() {
    # shellcheck disable=SC2086 # a list of words on purpose
    set -- $1
    install="apt-get install --yes --no-install-recommends $*"
    if ! has_command apt-get; then
        echo "Install what Debian calls $*, then try again: docs/how-to/install.md"
        exit 2
    elif [ "$(id -u)" = 0 ]; then
        as_root=
    elif has_command sudo && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        echo "apt-get update && $install"
        exit 2
    fi
    echo "Installing $* ..."
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive $install -qq >/dev/null
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        echo "Still missing after the installation: $missing" >&2
        exit 1
    fi
}

install_python_packages() {
    case $purpose in
        test) lock=requirements-dev.lock ;;
        *) lock=requirements.lock ;;
    esac
    echo "Installing the Python packages of $lock ..."
    # A link leads to the venv of another checkout, which stays as it is.
    [ ! -L .venv ] || rm .venv
    rm -f .venv/.installed-*
    # A venv that was moved here, or whose Python has gone, is made anew.
    [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" = "$PWD/.venv" ] || rm -rf .venv
    [ -d .venv ] || "$(find_python)" -m venv .venv
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore .venv/bin/python -m pip install --quiet --no-compile"
    # uv takes a fifth of pip's time. Where it cannot reach what only pip is configured for, pip installs all.
    awk '/^[^ #]/ { wanted = /^uv==/ } wanted' "$lock" >.venv/uv.lock
    { $pip --require-hashes --requirement .venv/uv.lock &&
        .venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --require-hashes --requirement "$lock"; } \
        2>/dev/null || $pip --require-hashes --requirement "$lock"
    $pip --no-deps --no-build-isolation --editable .
    printf %s "$stamp" >".venv/.installed-$purpose"
}

compile_messages() {
    for source in app/translations/*/LC_MESSAGES/messages.po; do
        compiled=${source%.po}.mo
        if [ -e "$source" ] && { [ ! -e "$compiled" ] || [ -n "$(find "$source" -newer "$compiled")" ]; }; then
            .venv/bin/pybabel --quiet compile --input-file "$source" --output-file "$compiled"
        fi
    done
}
