"""Writing letters: `post` to one address, `post_to_all` to many, always in the transaction of the act they tell of.

`post("people.verify_email", to=Address(email, language, name), key=user.public_id, link=...)` renders the templates
`<kind.template>.txt`, and as HTML of the same words, in the recipient's language. The same kind and key again is the same
letter: a verb run twice writes one. What a rolled-back act wrote was never there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import JSON, Select, String, cast, func, literal, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock, jobs
from app.core.columns import new_public_id
from app.core.db import changed_rows, db, insert_or_nothing, use_case
from app.core.refusals import Refusal, RefusedError
from app.core.texts import folded
from app.messages.models import Mailing, Message, Recipient
from app.messages.queries import turn, unwritten
from app.messages.rendering import render
from app.messages.rules import Address, is_possible, turn_of
from app.messages.states import DELIVER, WRITE_LETTERS, MessageRefusal, MessageState
from app.modules import MessageKind

__all__ = ["Address", "post", "post_to_all"]

BATCH = 50
NAME_LENGTH, ADDRESS_LENGTH, SUBJECT_LENGTH = 320, 254, 300


@use_case
def post(kind: str, *, to: Address, key: str, programme_id: int | None = None, **context: Any) -> Message:
    """Put one letter into the outbox; it leaves after the commit, or when the address has had fewer letters within the hour.

    No recipient stops the act the letter tells of: names and subjects are brought onto one line, and a letter to what is no
    address is kept as not delivered, with the reason.
    """
    unique = f"{kind}:{key}"
    found = db.session.scalar(select(Message).where(Message.unique_key == unique))
    if found is not None:
        return found
    to = replace(to, name=folded(to.name)[:NAME_LENGTH])
    letter = render(_kind(kind), to, context)
    name, now = new_public_id(), clock.now()
    # What opens a door for a short time cannot wait; whoever asks for such letters is counted.
    leaves_at = now if _kind(kind).is_secret else turn_of(now, turn(to.email))
    message = Message(
        public_id=name, unique_key=unique, programme_id=programme_id, kind=kind, name=to.name, language=to.language,
        address=folded(to.email)[:ADDRESS_LENGTH], subject=folded(letter.subject)[:SUBJECT_LENGTH],
        text=letter.text, html=letter.html,
        message_id=f"<{name}@{current_app.config['SETTINGS'].host}>", created_at=now, leaves_at=leaves_at,
        **({} if is_possible(to.email) else {"state": MessageState.DEAD, "answer": MessageRefusal.BAD_ADDRESS.value}),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    if leaves() and message.state is not MessageState.DEAD:
        jobs.enqueue(DELIVER, key=name, payload={"message": message.id}, at=leaves_at)
    return message


@use_case
def post_to_all(kind: str, *, key: str, recipients: Select[Any], programme_id: int | None = None, **context: Any) -> Mailing:
    """Ask for one letter to many, by INSERT..SELECT: as quick for thousands as for one.

    `recipients` selects columns labelled `email`, `language`, `name`, perhaps `about` (a public id, where one address gets
    several letters), and any others, which become values of that recipient's letter. `context` holds those of all letters:
    texts, numbers, dates and instants.
    """
    _kind(kind)
    values = {
        "public_id": new_public_id(), "unique_key": f"{kind}:{key}", "programme_id": programme_id, "kind": kind,
        "context": _packed(context), "created_at": clock.now(),
    }  # fmt: skip
    is_new = insert_or_nothing(Mailing, **values)
    mailing = db.session.scalars(select(Mailing).where(Mailing.unique_key == f"{kind}:{key}")).one()
    if is_new:
        _add_recipients(mailing, recipients)
        jobs.enqueue(WRITE_LETTERS, key=mailing.public_id, payload={"mailing": mailing.id})
    return mailing


@use_case
def write_batch(mailing: Mailing) -> int:
    """Write the next letters of a mailing; how many were written. Called until none is left."""
    recipients = unwritten(mailing, BATCH)
    for recipient in recipients:
        to = Address(recipient.address, recipient.language, recipient.name)
        context = {**_unpacked(mailing.context), **_unpacked(recipient.context)}
        key = f"{mailing.public_id}:{recipient.id}"
        recipient.message_id = post(mailing.kind, to=to, key=key, programme_id=mailing.programme_id, **context).id
    return len(recipients)


@use_case
def note_outcome(message: Message, state: MessageState, answer: str) -> None:
    """Keep what the mail server said of a letter that is not yet sent."""
    values: dict[str, Any] = {"state": state, "answer": answer[:40], "attempts": Message.attempts + 1}
    if state is MessageState.SENT:
        values["sent_at"] = clock.now()
    db.session.execute(update(Message).where(Message.id == message.id, Message.state != MessageState.SENT).values(values))


@use_case
def send_again(message: Message) -> None:
    """Give a letter that was not delivered five more tries, under the same Message-ID. Raises RefusedError for any other."""
    if not is_possible(message.address):
        raise RefusedError(Refusal(MessageRefusal.BAD_ADDRESS))
    dead = update(Message).where(Message.id == message.id, Message.state == MessageState.DEAD)
    if changed_rows(dead.values(state=MessageState.QUEUED, answer="")) == 0:
        raise RefusedError(Refusal(MessageRefusal.NOT_DEAD))
    jobs.revive(jobs.enqueue(DELIVER, key=message.public_id, payload={"message": message.id}))


def has_mail_server() -> bool:
    """Whether there is a server that takes letters; without one they wait in the outbox."""
    return bool(current_app.config["SETTINGS"].smtp_url)


def leaves() -> bool:
    """Whether letters leave the house: in development without a mail server they stay on the outbox page."""
    return has_mail_server() or current_app.config["SETTINGS"].is_production


def shows_text(message: Message) -> bool:
    """Whether staff may read the letter's text: not where it holds a single-use link that still opens something."""
    return not leaves() or not _kind(message.kind).is_secret


def _kind(key: str) -> MessageKind:
    kind: MessageKind = current_app.extensions["baiqau"].message_kinds[key]
    return kind


def _add_recipients(mailing: Mailing, recipients: Select[Any]) -> None:
    is_postgresql = db.engine.dialect.name == "postgresql"
    rows = recipients.subquery()
    own = [(c.name, c) for c in rows.c if c.name not in {"email", "language", "name", "about"}]
    # A JSON column would be quoted as text inside SQLite's json_object.
    pairs = [part for name, c in own for part in (cast(literal(name), String), func.json(c) if isinstance(c.type, JSON) else c)]
    context = func.json_build_object(*pairs) if is_postgresql else func.json_object(*pairs)
    about = rows.c.about if "about" in rows.c else literal("", String)
    chosen = select(
        literal(mailing.id),
        rows.c.email,
        about,
        rows.c.language,
        rows.c.name,
        cast(context, JSON) if is_postgresql else context,
    )
    insert = postgresql.insert if is_postgresql else sqlite.insert
    columns = ["mailing_id", "address", "about", "language", "name", "context"]
    # SQLite needs a WHERE to tell ON CONFLICT from a join.
    db.session.execute(insert(Recipient).from_select(columns, chosen.where(true())).on_conflict_do_nothing())


def _packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON; instants and dates keep their kind."""
    return {name: _pack(value) for name, value in values.items()}


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    return {"$on": value.isoformat()} if isinstance(value, date) else value


def _unpacked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _unpack(value) for name, value in values.items()}


def _unpack(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"$at"}:
        return datetime.fromisoformat(value["$at"])
    return date.fromisoformat(value["$on"]) if isinstance(value, dict) and value.keys() == {"$on"} else value
