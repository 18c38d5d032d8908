"""A form that asks in every way there is, with questions that depend on earlier ones."""

from typing import Any

from app.access.actor import COMMAND
from competitions.models import Competition
from competitions.rules.form import FormText, QuestionText, put_question
from competitions.services.form import edit_form
from competitions.states import QuestionKind
from tests.competitions.scene import MADE_AT

CRAFTS = {
    "choices": [
        {"key": "food", "label": {"kk": "Тағам", "ru": "Еда", "en": "Food"}},
        {"key": "craft", "label": {"kk": "Қолөнер", "ru": "Ремесло", "en": "Craft"}},
        {"key": "other", "label": {"kk": "Басқа", "ru": "Другое", "en": "Other"}},
    ]
}
# Key, kind, options: they stand at the end of the group "idea" of Start App; private ones at the end of "person".
ADDED: tuple[tuple[str, QuestionKind, dict[str, Any]], ...] = (
    ("sells", QuestionKind.YES_NO, {}),
    ("since", QuestionKind.DATE, {"show_if": {"question": "sells", "is": ["yes"]}}),
    ("crafts", QuestionKind.MULTIPLE_CHOICE, CRAFTS),
    ("which", QuestionKind.SHORT, {"show_if": {"question": "crafts", "is": ["other"]}}),
    ("staff", QuestionKind.NUMBER, {}),
    ("roles", QuestionKind.LONG, {"show_if": {"question": "staff", "at_least": 2}}),
    ("place_kind", QuestionKind.CHOICE, CRAFTS),
    ("read_me", QuestionKind.TEXT_BLOCK, {}),
    ("honest", QuestionKind.CONSENT, {}),
)
PRIVATE: tuple[tuple[str, QuestionKind, dict[str, Any]], ...] = (
    ("second_phone", QuestionKind.PHONE, {}),
    ("second_email", QuestionKind.EMAIL, {}),
)


def ask_every_kind(competition: Competition) -> None:
    """Let the form of a call that is being made ask also in each way that Start App does not."""

    def change(text: FormText) -> FormText:
        for key, kind, options in (*ADDED, *PRIVATE):
            words = {"kk": f"«{key}» сұрағы", "ru": f"Вопрос «{key}»", "en": f"Question {key}"}
            group = "person" if (key, kind, options) in PRIVATE else "idea"
            is_required = kind is not QuestionKind.TEXT_BLOCK
            text = put_question(text, QuestionText(key, group, kind, words, is_required=is_required, options=options))
        return text

    edit_form(competition, change, by=COMMAND, at=MADE_AT)
