"""Write the first migration anew from the models: only before the first release, while no database is worth keeping."""

import re
import subprocess
import tempfile
from pathlib import Path

from flask_migrate import revision

from app.config import ROOT, Settings
from app.core.db import GUARDS
from app.factory import create_app

VERSIONS = ROOT / "migrations" / "versions"
NAME = "20261122_0800_first"


def main() -> None:
    """Generate, then add the guards for both databases."""
    for old in VERSIONS.glob("*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), database_url=f"sqlite:///{folder}/x.sqlite3"))
        with app.app_context():
            revision(message="First schema.", autogenerate=True, rev_id="first")
    made = next(VERSIONS.glob("*.py"))
    text = made.read_text()
    text = text.replace(
        "Risk: say what is locked and for how long. Back: say what downgrade loses.",
        "Risk: none, the database is empty. Back: everything is lost.",
    )
    text = re.sub(r"[ ]*# ###.*\n", "", text)
    text = text.replace("\n\ndef upgrade() -> None:", "\n" + _guards() + "\n\ndef upgrade() -> None:")
    text = text.replace(
        "\n\n\ndef downgrade",
        "\n    for statement in GUARDS[op.get_bind().dialect.name]:\n        op.execute(statement)\n\n\ndef downgrade",
    )
    text += '\n    if op.get_bind().dialect.name == "postgresql":\n        for function in FUNCTIONS:\n'
    text += '            op.execute(f"DROP FUNCTION {function}()")\n'
    (VERSIONS / f"{NAME}.py").write_text(text)
    if made.name != f"{NAME}.py":
        made.unlink()
    subprocess.run([str(ROOT / ".venv/bin/ruff"), "format", "--quiet", str(VERSIONS)], check=True)


def _guards() -> str:
    lines = ["# Rows no code may write: triggers, the same on both databases.", "GUARDS = {"]
    for dialect in ("sqlite", "postgresql"):
        lines.append(f'    "{dialect}": (')
        for one in GUARDS.values():
            lines.extend(f"        {statement!r}," for statement in one.statements(dialect))
        lines.append("    ),")
    lines.append("}")
    lines.append(f"FUNCTIONS = {tuple(GUARDS)!r}")
    return "\n".join(lines) + "\n"


main()
