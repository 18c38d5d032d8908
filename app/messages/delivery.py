"""Delivery: the worker hands letters to the mail server and keeps its answer. At least once, with a fixed Message-ID.

BAIQAU_SMTP_URL is `smtp://user:password@host:587?from=no-reply@example.kz` (`smtps://` for TLS from the first byte; a server
that offers STARTTLS is always taken at its word).
"""

import re
import smtplib
import ssl
from email.header import Header
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.db import db
from app.core.jobs import Running, TryLaterError, progress
from app.messages.models import Message
from app.messages.queries import mailing as mailing_by_id
from app.messages.queries import recipient_count, undelivered
from app.messages.services import note_outcome, write_batch
from app.messages.states import MessageState

SECONDS_FOR_SERVER = 20
PERMANENT = 500
SAID_BY_PEOPLE = frozenset({"From", "To", "Subject"})
# What needs neither quotes nor folding: folding takes quotes off, and a comma within a name would begin another address.
PLAIN = re.compile(r"[A-Za-z0-9 ]{0,60}")


class Wire(EmailPolicy):
    """Folds headers as `email.header` does: the folding of `email.policy` loses blanks before Python 3.12.5 (gh-92081)."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header in encoded words of 75 bytes at most (RFC 2047)."""
        mailboxes = getattr(value, "addresses", ())
        is_plain = all(PLAIN.fullmatch(one) for one in [one.display_name for one in mailboxes] or [str(value)])
        if name not in SAID_BY_PEOPLE or is_plain or not all(one.addr_spec.isascii() for one in mailboxes):
            return super().fold_binary(name, value)
        coded = [f"{_coded(one.display_name, name)} <{one.addr_spec}>" for one in mailboxes] or [_coded(str(value), name)]
        return f"{name}: {', '.join(coded)}\n".replace("\n", self.linesep).encode("ascii")


def _coded(text: str, name: str) -> str:
    return Header(text, "utf-8", header_name=name).encode()


ON_THE_WIRE = Wire(linesep="\r\n")


def deliver(job: Running, *, message: int) -> None:
    """Send one letter unless it was sent; a kill between the server's 250 and our note sends it again, under the same id."""
    letter = undelivered(message)
    if letter is None:
        return
    email = as_email(letter)
    db.session.rollback()  # no read transaction is held while a server thinks
    try:
        send(email)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        _refused(letter, job, code)
    except smtplib.SMTPDataError as error:
        _refused(letter, job, error.smtp_code)
    except (smtplib.SMTPException, OSError) as error:  # our settings or their server: not the letter's fault
        _refused(letter, job, 0, type(error).__name__)
    else:
        note_outcome(letter, MessageState.SENT, "250")


def write_letters(job: Running, *, mailing: int) -> None:
    """Write the letters of a mailing, batch after batch; each recipient once, however often this is cut off."""
    found = mailing_by_id(mailing)
    total, done = recipient_count(found), 0
    while count := write_batch(found):
        done += count
        progress(job, done, total)


def as_email(message: Message) -> EmailMessage:
    """The letter as it goes over the wire."""
    settings = current_app.config["SETTINGS"]
    email = EmailMessage(policy=ON_THE_WIRE)
    with force_locale(message.language):
        email["From"] = Mailbox(_("Baiqau"), addr_spec=_sender(urlsplit(settings.smtp_url), settings.host))
    email["To"] = Mailbox(_uncoded(message.name), addr_spec=message.address)
    email["Subject"] = _uncoded(message.subject)
    email["Date"] = format_datetime(message.created_at)
    email["Message-ID"] = message.message_id
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    if message.html:
        email.add_alternative(message.html, subtype="html")
    email["Content-Language"] = message.language
    return email


def _uncoded(text: str) -> str:
    """Words of people stand for themselves: written as encoded words they would be read as such, with their line breaks.

    Before Python 3.11.10 and 3.12.5 those went over the wire as headers of their own (CVE-2024-6923).
    """
    return text.replace("=?", "= ?")


def send(email: EmailMessage) -> None:
    """Hand one letter to the server of the settings; returns only after its 250."""
    with _connect() as server:
        server.send_message(email)


def reach() -> None:
    """Ask the mail server whether it would take letters; raises what smtplib raises."""
    with _connect() as server:
        server.noop()


def _connect() -> smtplib.SMTP:
    url = urlsplit(current_app.config["SETTINGS"].smtp_url)
    if not url.hostname:
        message = "BAIQAU_SMTP_URL is not set"
        raise TryLaterError(message)
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(url.hostname, url.port or 465, timeout=SECONDS_FOR_SERVER, context=context)
    else:
        server = smtplib.SMTP(url.hostname, url.port or 25, timeout=SECONDS_FOR_SERVER)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _sender(url: SplitResult, host: str) -> str:
    return str(parse_qs(url.query).get("from", [f"no-reply@{host}"])[0])


def _refused(letter: Message, job: Running, code: int, name: str = "") -> None:
    """Keep the answer. A letter that is refused for good waits for a person on the outbox page, not for the worker."""
    is_final = code >= PERMANENT or job.is_last_try
    note_outcome(letter, MessageState.DEAD if is_final else MessageState.FAILED, name or str(code))
    if code < PERMANENT:
        raise TryLaterError(name or str(code))
