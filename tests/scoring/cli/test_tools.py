"""`baiqau scoring`: the tools together."""

import subprocess
import sys
from pathlib import Path

from tests.scoring.cli.asking import GOOD, Write, refused


def test_an_unknown_tool_is_refused():
    assert "column command" in refused("toss")


def test_tools_start_without_the_site_and_without_anything_heavy():
    heavy = ["flask", "sqlalchemy", "numpy", "scipy", "wtforms"]
    program = f"import sys, scoring.cli; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_tools_are_commands_of_baiqau(write: Write):
    baiqau = Path(sys.executable).with_name("baiqau")

    done = subprocess.run([baiqau, "scoring", "rank", write(GOOD), "--unknown"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
