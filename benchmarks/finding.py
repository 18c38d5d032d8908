"""The list of applications and searches in it, for 100 and for 10,000 applications, in the same run.

Each page is asked for as an organiser's browser does. Prints the statements of a page, CPU milliseconds and the ratio of the
two; the aim is a ratio of 1.5 at most and 25 statements for a first page. Takes some minutes to enter ten thousand.

    python -m benchmarks.finding [--large 10000]
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, select

from app.config import Settings
from app.core import clock
from app.core.db import db, writing
from app.demo import load
from app.factory import create_app
from app.people.models import User
from app.people.services.sessions import open_session
from competitions.demo.scale import scale

ORGANISER = "organiser@demo.example"
SMALL, ROUNDS, AIM, MOST_STATEMENTS = 100, 15, 1.5, 25
QUERIES = {
    "the first page": {},
    "a code": {"q": "042"},
    "without a word": {"q": "-жоқсөз"},
    "a word": {"q": "киіз"},
    "a word that is nowhere": {"q": "жоқсөз"},
    "a sum": {"q": "sum:>800000"},
    "several at once": {"q": "status:admitted sum:>500000 -seminar шеберхана"},
    "by name": {"order": "name"},
    "the last page": {"page": "999999"},
}


def measured(client: FlaskClient, address: str, query: dict[str, str], statements: list[str]) -> tuple[float, int]:
    """CPU milliseconds of one page, the median of several, and its statements."""
    spent = []
    for _round in range(ROUNDS):
        statements.clear()
        start = time.process_time()
        answer = client.get(address, query_string=query)
        spent.append(1000 * (time.process_time() - start))
        if answer.status_code != 200:  # noqa: PLR2004 - a benchmark of errors tells nothing
            sys.exit(f"{address} {query}: {answer.status}")
    return statistics.median(spent), len([one for one in statements if re.match("SELECT|WITH", one)])


def compare(app: Flask, large: int) -> bool:
    """Print a line a query; whether all aims are met."""
    statements: list[str] = []
    with app.app_context():
        upgrade()
        load()
        with writing():
            lists = [scale(count, 0, 0, 1, {})["organiser_list"] for count in (SMALL, large)]
            user = db.session.scalars(select(User).where(User.email == ORGANISER)).one()
            secret = open_session(user, device="", at=clock.now())
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    print(f"{'':<24}{'statements':>11}{SMALL:>12}{large:>12}{'ratio':>8}")
    is_met = True
    for name, query in QUERIES.items():
        (few, _count), (many, count) = (measured(client, one, query, statements) for one in lists)
        is_met &= many / few <= AIM and count <= MOST_STATEMENTS
        print(f"{name:<24}{count:>11}{few:>9.1f} ms{many:>9.1f} ms{many / few:>8.2f}")
    return is_met


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=10_000)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database_url=f"sqlite:///{folder}/finding.sqlite3")
        raise SystemExit(0 if compare(create_app(settings), parser.parse_args().large) else 1)
