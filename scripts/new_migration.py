"""Write a new migration from what the models have and a fresh database at the newest revision has not."""

import sys
import tempfile
from pathlib import Path

from flask_migrate import revision, upgrade

# The house this script belongs to, wherever it is called from and whichever copy of it is installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.config import Settings
from app.factory import create_app


def main(sentence: str) -> None:
    """Autogenerate; what was written is to be read and completed by hand (docs/how-to/write-a-migration.md)."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data=Path(folder), database_url=f"sqlite:///{folder}/fresh.sqlite3"))
        with app.app_context():
            upgrade()
            revision(message=sentence, autogenerate=True)


if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its one argument
    sys.exit('scripts/new_migration.py "Applications: Add a note."')
main(sys.argv[1])
