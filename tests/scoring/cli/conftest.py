"""Files for the tools."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from tests.scoring.cli.asking import Write
from tests.scoring.samples import start_app


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes, name: str = "scores.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


@pytest.fixture
def start_app_file(write: Write) -> str:
    keys = [criterion["key"] for criterion in start_app()["criteria"]]
    text = StringIO()
    table = csv.writer(text)
    table.writerow(["application", "juror", *keys])
    for application, jurors in start_app()["scores"].items():
        table.writerows([application, juror, *(points.get(key, "") for key in keys)] for juror, points in jurors.items())
    return write(text.getvalue(), "start_app.csv")
