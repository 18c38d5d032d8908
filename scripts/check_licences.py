"""Fails when a package needed at run time comes under a licence that would bind the whole work (GPL, AGPL)."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
BINDING = re.compile(r"GPL|General Public License|Affero", re.IGNORECASE)
# LGPL libraries are used unchanged, as libraries.
LESSER = re.compile(r"LGPL|Lesser General Public|Library General Public", re.IGNORECASE)
# These name no licence in their metadata, but ship its text.
READ_BY_EYE = {"huey": "MIT"}


def main() -> int:
    names = re.findall(r"^([\w.-]+)==", LOCK.read_text(), re.MULTILINE)
    command = [Path(sys.executable).parent / "pip-licenses", "--format=json", "--from=mixed", "--packages", *names]
    packages = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    unknown = [one["Name"] for one in packages if one["License"].upper() == "UNKNOWN" and one["Name"] not in READ_BY_EYE]
    binding = [
        f"{one['Name']}: {one['License']}"
        for one in packages
        if BINDING.search(one["License"]) and not LESSER.search(one["License"]) and not is_choice(one["License"])
    ]
    for fault in [*binding, *(f"{name}: no licence named" for name in unknown)]:
        print(fault)
    print(f"{len(packages)} packages at run time, {len(binding)} under a binding licence, {len(unknown)} under none")
    return 1 if binding or unknown else 0


def is_choice(text: str) -> bool:
    """Whether another licence may be chosen instead."""
    return bool(re.search(r"\bOR\b", text)) and bool(re.search(r"MIT|BSD|Apache|MPL", text))


if __name__ == "__main__":
    sys.exit(main())
