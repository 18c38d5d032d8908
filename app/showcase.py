"""What the page of components shows: a form with every kind of field and fault, and rows for tables, lists and charts."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.clock import now
from app.jinja import tr_plain

TONES = ("neutral", "info", "success", "warning", "danger", "accent")
KINDS = ("primary", "secondary", "danger", "quiet")


def say(kk: str, ru: str, en: str) -> str:
    """Sample text in the page's language: it is content, not part of the product's own words."""
    return tr_plain({"kk": kk, "ru": ru, "en": en})


class MoneyField(IntegerField):
    """Stands for the field of sums that the modules have."""


def form(*, is_faulty: bool) -> FlaskForm:
    """Every kind of field, empty or with a fault at each."""
    choices = [
        ("kk", say("Қазақ тілі", "Казахский язык", "Kazakh")),
        ("ru", say("Орыс тілі", "Русский язык", "Russian")),
    ]

    class ShowcaseForm(FlaskForm):
        title = StringField(say("Жобаның атауы", "Название проекта", "Project title"))
        summary = TextAreaField(say("Жоба туралы қысқаша", "Кратко о проекте", "Summary"))
        amount = MoneyField(say("Сұралатын сома", "Запрашиваемая сумма", "Amount requested"))
        clients = IntegerField(say("Айына неше тұтынушы келеді?", "Сколько клиентов в месяц?", "How many customers a month?"))
        email = EmailField(say("Электрондық пошта", "Электронная почта", "E-mail"))
        password = PasswordField(say("Құпиясөз", "Пароль", "Password"))
        language = SelectField(say("Байланыс тілі", "Язык связи", "Language"), choices=choices)
        spoken = RadioField(say("Қай тілде жауап береміз?", "На каком языке ответить?", "Which language shall we answer in?"), choices=choices)
        known = SelectMultipleField(
            say("Қай тілдерді білесіз?", "Какие языки Вы знаете?", "Which languages do you know?"),
            choices=choices,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
        born_on = DateField(say("Туған күні", "Дата рождения", "Date of birth"))
        closes_at = DateTimeLocalField(say("Қабылдау жабылады", "Приём закрывается", "Closes at"))
        starts_at = TimeField(say("Басталу уақыты", "Время начала", "Start"))
        quote = FileField(say("Баға ұсынысы", "Коммерческое предложение", "Price quote"))
        agreed = BooleanField(say("Дербес деректерімді өңдеуге келісемін", "Согласие на обработку данных", "I agree to the processing of my data"))

    made = ShowcaseForm(prefix="faulty" if is_faulty else "plain")
    if is_faulty:
        fault = say("Кемінде бір сөйлем жазыңыз.", "Напишите хотя бы одно предложение.", "Write at least one sentence.")
        for field in made:
            if field.short_name != "csrf_token":
                field.errors = [fault]
    return made


def context() -> dict[str, Any]:
    """Everything the template of the showcase needs."""
    return {"plain": form(is_faulty=False), "faulty": form(is_faulty=True), "tones": TONES, "kinds": KINDS, "say": say} | _lists() | _sheets()


def _lists() -> dict[str, Any]:
    today = now().astimezone(UTC).replace(hour=13, minute=0, second=0, microsecond=0)

    def day(offset: int) -> datetime:
        return today + timedelta(days=offset)

    return {
        "timeline_items": [
            {"label": say("Өтінім қабылдау ашылды", "Приём заявок открыт", "Applications opened"), "at": day(-13), "state": "past"},
            {"label": say("Өтінім қабылдау жабылады", "Приём заявок закрывается", "Applications close"), "at": day(12), "state": "current",
             "note": say("Қабылдау дәл минутына дейін", "Ровно до этой минуты", "To the minute")},
            {"label": say("Құжаттарды тексеру", "Проверка документов", "Documents are checked"), "at": day(26).date(), "state": "future"},
            {"label": say("Жеңімпаздар жарияланады", "Объявление победителей", "Winners are published"), "at": None, "state": "future"},
        ],
        "steps": [
            {"label": say("Идея", "Идея", "Idea"), "href": "#", "state": "done"},
            {"label": say("Нарық", "Рынок", "Market"), "href": "#", "state": "current"},
            {"label": say("Қаржы", "Деньги", "Money"), "href": "#", "state": "error"},
            {"label": say("Нәтиже", "Результат", "Results"), "href": "#", "state": "todo"},
            {"label": say("Тексеріп, тапсыру", "Проверить и подать", "Check and submit"), "href": None, "state": "todo"},
        ],
        "tab_items": [
            {"label": say("Барлығы", "Все", "All"), "href": "#", "is_current": True, "count": 14},
            {"label": say("Тексерілуде", "На проверке", "Being checked"), "href": "#", "is_current": False, "count": 3},
            {"label": say("Күнтізбе", "Календарь", "Calendar"), "href": "#", "is_current": False, "count": None},
        ],
        "applications": [
            ("001", say("«Бірге оқимыз» үйірмесі", "Кружок «Бірге оқимыз»", "Reading club"), "info", say("тексерілуде", "на проверке", "being checked"), 1000000),
            ("003", say("«Киіз әлемі» шеберханасы", "Мастерская «Киіз әлемі»", "Felt workshop"), "success", say("қабылданды", "допущена", "admitted"), 1000000),
            ("004", say("Кофе-нүкте", "Кофе-точка", "Coffee stand"), "neutral", say("кері қайтарып алынды", "отозвана", "withdrawn"), 900000),
        ],
        "todo_items": [
            {"text": say("Екі бағалау парағына қол қойылмаған", "Не подписаны два оценочных листа", "Two score sheets are not signed"), "href": "#", "tone": "warning",
             "note": say("Бағалау ертең жабылады", "Оценка закрывается завтра", "Scoring closes tomorrow"), "action": say("Еске салу", "Напомнить", "Remind")},
            {"text": say("Жоба қорғау орны орысша жазылмаған", "Место защиты не указано на казахском", "The pitch place lacks one language"), "href": "#", "tone": "info"},
        ],
        "second_page": SimpleNamespace(page=2, pages=5, total=140, has_prev=True, has_next=True),
    }


def _sheets() -> dict[str, Any]:
    equipment = say("Жабдық пен құрал", "Оборудование и инструмент", "Equipment and tools")
    line = {
        "category": "equip", "item": say("Ағаш қалып", "Деревянная форма", "Wooden mould"), "unit": say("дана", "шт.", "pcs"),
        "quantity": "2", "price": "30000", "sum": 60000, "grant": "60000", "own": "0",
    }  # fmt: skip
    fault = {"price": say("Бағасын санмен жазыңыз.", "Напишите цену числом.", "Write the price as a number.")}
    return {
        "categories": [("equip", equipment), ("mat", say("Шикізат пен материал", "Сырьё и материалы", "Materials"))],
        "budget_rows": [line, {**line, "price": "?", "sum": None, "errors": fault}],
        "read_rows": [{**line, "category": equipment, "price": 30000, "grant": 60000, "own": 0}],
        "totals": {"sum": 60000, "grant": 60000, "own": 0},
        "plan_columns": [
            {"name": "step", "label": say("Қадам", "Шаг", "Step"), "kind": "text", "span": 8},
            {"name": "due_on", "label": say("Мерзімі", "Срок", "Due"), "kind": "date", "span": 4},
        ],
        "criterion": {
            "code": "2", "label": say("Іске асырылу мүмкіндігі, жоспар", "Реализуемость, план", "Feasibility, plan"), "weight": 20,
            "hint": say("Қадамдар, мерзім, кім жасайды", "Шаги, сроки, кто делает", "Steps, dates, who does it"),
        },
        "anchors": [
            ("0", say("жоқ", "нет", "none")), ("1–3", say("әлсіз", "слабо", "weak")), ("4–6", say("жартылай", "частично", "partial")),
            ("7–8", say("жақсы", "хорошо", "good")), ("9–10", say("өте жақсы", "отлично", "excellent")),
        ],
        "bars": [
            {"label": say("Талдықорған қаласы", "город Талдыкорган", "Taldykorgan"), "value": 6},
            {"label": say("Ескелді ауданы", "Ескельдинский район", "Eskeldi district"), "value": 3},
            {"label": say("Текелі қаласы", "город Текели", "Tekeli"), "value": 1, "tone": "accent"},
        ],
        "gates": [
            {"label": say("Қаралама", "Черновики", "Drafts"), "value": 18}, {"label": say("Тапсырылды", "Поданы", "Submitted"), "value": 14},
            {"label": say("Қабылданды", "Допущены", "Admitted"), "value": 11}, {"label": say("Жеңімпаз", "Победители", "Winners"), "value": 4},
        ],
        "dots": [
            {"label": say("«Киіз әлемі»", "«Киіз әлемі»", "Felt workshop"), "values": [88, 90, 85, 93, 91], "mean": 89.5, "low": 85, "high": 93},
            {"label": say("«Таза киім»", "«Таза киім»", "Laundry"), "values": [70, 74, 75, 78, 78], "mean": 75, "low": 70, "high": 79},
        ],
    }  # fmt: skip
