"""What is generated is fresh: the catalogues hold every sentence, and the generated pages of the docs are those of the code."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("script", ["messages", "docs"])
def test_what_is_generated_is_complete_and_fresh(script):
    done = subprocess.run(
        [ROOT / "scripts" / script, "--check"],
        capture_output=True, check=False, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True, timeout=110,
    )  # fmt: skip

    assert (done.returncode, done.stdout[-2000:] + done.stderr[-2000:] if done.returncode else "") == (0, "")
