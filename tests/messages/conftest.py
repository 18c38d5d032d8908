"""Kinds of letters for the tests of the outbox, with templates of their own."""

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

TEXT = "{{ subject }}\n{{ recipient.name }}, {{ word }} {{ locale }}\n{{ link('messages_admin.outbox') }}\n"


@pytest.fixture
def app(app: Flask) -> Flask:
    from app.modules import MessageKind  # noqa: PLC0415 - pure tests start without the application

    kinds = app.extensions["baiqau"].message_kinds
    kinds["test.plain"] = MessageKind("test.plain", "Сәлем, %(word)s", "test/plain")
    kinds["test.secret"] = MessageKind("test.secret", "Құпия %(word)s", "test/plain", is_secret=True)
    templates = DictLoader({"test/plain.txt": TEXT})
    known = app.jinja_env.loader
    assert known is not None
    app.jinja_env.loader = ChoiceLoader([templates, known])
    return app
