"""What ./run and ./test do on a machine where something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def checkout(folder: Path) -> Path:
    """A checkout that was never started."""
    copy = folder / "checkout"
    shutil.copytree(ROOT / "scripts", copy / "scripts")
    for name in ("requirements.lock", "requirements-dev.lock", "run", "test"):
        shutil.copy(ROOT / name, copy / name)
    return copy


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def without_rights(folder: Path) -> dict[str, str]:
    """The environment of somebody who is not root and may not become root."""
    program(folder, "id", "echo 1000")
    program(folder, "sudo", "exit 1")
    return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "CHROMIUM": "/nowhere/chromium"}


def test_test_without_rights_prints_one_line_and_leaves_nothing(tmp_path):
    copy = checkout(tmp_path)
    before = sorted(copy.rglob("*"))

    result = subprocess.run([copy / "test"], env=without_rights(tmp_path / "bin"), capture_output=True, text=True, check=False)

    assert result.returncode == 2
    assert result.stdout == "apt-get update && apt-get install --yes --no-install-recommends chromium-headless-shell\n"
    assert result.stderr == ""
    assert sorted(copy.rglob("*")) == before


def test_run_without_python_asks_for_python_and_the_libraries(tmp_path):
    copy = checkout(tmp_path)
    programs = tmp_path / "bin"
    environment = without_rights(programs)
    for name in ("sh", "cat", "dirname", "sha256sum", "tr", "grep", "ls", "apt-get"):
        (programs / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")

    result = subprocess.run(
        ["/bin/sh", copy / "run"], env=environment | {"PATH": str(programs)}, capture_output=True, text=True, check=False
    )

    assert result.returncode == 2
    assert result.stdout == (
        "apt-get update && apt-get install --yes --no-install-recommends "
        "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1\n"
    )
    assert result.stderr == ""


def test_venv_of_another_checkout_is_left_alone(tmp_path):
    copy, programs = checkout(tmp_path), tmp_path / "bin"
    other = tmp_path / "other" / ".venv"
    other.mkdir(parents=True)
    (other / ".installed-run").write_text("done")
    (copy / ".venv").symlink_to(other)
    # As Python does, both call the folder by the name they were called by; neither can make or fill a venv.
    program(other / "bin", "python", f'echo "$@" >> {other}/calls; echo {copy}/.venv')
    program(programs, "python3", 'case "$*" in *version_info*) ;; *) echo "$@"; exit 7 ;; esac')

    script = "set -e; . scripts/bootstrap.sh; purpose=run; stamp=now; install_python_packages"
    result = subprocess.run(
        ["sh", "-c", script],
        cwd=copy, env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (result.returncode, result.stdout.splitlines()[-1]) == (7, "-m venv .venv")
    assert not (copy / ".venv").exists()
    assert sorted(path.name for path in other.iterdir()) == [".installed-run", "bin"]
