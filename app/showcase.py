"""What the page of components shows: a form with every kind of field and fault, and rows for tables, lists and charts."""

from datetime import timedelta
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
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
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.clock import now
from app.core.forms import Form, LocalDateTimeField, MoneyField, translated
from app.core.tables import Page
from app.jinja import tr_plain

TONES = ("neutral", "info", "success", "warning", "danger", "accent")
KINDS = ("primary", "secondary", "danger", "quiet")


def say(kk: str, ru: str, en: str) -> str:
    """Sample text in the page's language: it is content, not part of the product's own words."""
    return tr_plain({"kk": kk, "ru": ru, "en": en})


def form(*, is_faulty: bool) -> Form:
    """Every kind of field, empty or with a fault at each."""
    choices = [
        SelectChoice("kk", say("Қазақ тілі", "Казахский язык", "Kazakh")),
        SelectChoice("ru", say("Орыс тілі", "Русский язык", "Russian")),
    ]

    class ShowcaseForm(Form):
        title = StringField(say("Жобаның атауы", "Название проекта", "Project title"))
        summary = TextAreaField(say("Жоба туралы қысқаша", "Кратко о проекте", "Summary"))
        amount = MoneyField(say("Сұралатын сома", "Запрашиваемая сумма", "Amount requested"))
        clients = IntegerField(say("Айына неше тұтынушы келеді?", "Сколько клиентов в месяц?", "How many customers a month?"))
        email = EmailField(say("Электрондық пошта", "Электронная почта", "E-mail"))
        password = PasswordField(say("Құпиясөз", "Пароль", "Password"))
        place = translated(say("Өтетін орны", "Место проведения", "Place"), limit=120)
        language = SelectField(say("Байланыс тілі", "Язык связи", "Language"), choices=choices)
        spoken = RadioField(
            say("Қай тілде жауап береміз?", "На каком языке ответить?", "Which language shall we answer in?"), choices=choices
        )
        known = SelectMultipleField(
            say("Қай тілдерді білесіз?", "Какие языки Вы знаете?", "Which languages do you know?"),
            choices=choices,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
        born_on = DateField(say("Туған күні", "Дата рождения", "Date of birth"))
        closes_at = LocalDateTimeField(say("Қабылдау жабылады", "Приём закрывается", "Closes at"))
        starts_at = TimeField(say("Басталу уақыты", "Время начала", "Start"))
        quote = FileField(say("Баға ұсынысы", "Коммерческое предложение", "Price quote"))
        agreed = BooleanField(
            say("Дербес деректерімді өңдеуге келісемін", "Согласие на обработку данных", "I agree to the processing of my data")
        )

    made = ShowcaseForm(prefix="faulty" if is_faulty else "plain")
    if is_faulty:
        fault = say("Кемінде бір сөйлем жазыңыз.", "Напишите хотя бы одно предложение.", "Write at least one sentence.")
        for field in made:
            if field.short_name != "csrf_token":
                (field.form.kk if field.short_name == "place" else field).errors = [fault]
    return made


def context() -> dict[str, Any]:
    """Everything the template of the showcase needs."""
    known = {"plain": form(is_faulty=False), "faulty": form(is_faulty=True), "tones": TONES, "kinds": KINDS, "say": say}
    return known | _ways() | _lists() | _budget() | _scores() | _charts()


def _ways() -> dict[str, Any]:
    today = now().replace(hour=13, minute=0, second=0, microsecond=0)
    opened, closes, checked = (today + timedelta(days=days) for days in (-13, 12, 26))
    closing = say("Өтінім қабылдау жабылады", "Приём заявок закрывается", "Applications close")
    minute = say("Қабылдау дәл минутына дейін", "Ровно до этой минуты", "To the minute")
    return {
        "timeline_items": [
            {
                "label": say("Өтінім қабылдау ашылды", "Приём заявок открыт", "Applications opened"),
                "at": opened,
                "state": "past",
            },
            {"label": closing, "at": closes, "state": "current", "note": minute},
            {
                "label": say("Құжаттарды тексеру", "Проверка документов", "Documents are checked"),
                "at": checked.date(),
                "state": "future",
            },
            {
                "label": say("Жеңімпаздар жарияланады", "Объявление победителей", "Winners are published"),
                "at": None,
                "state": "future",
            },
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
        "second_page": Page(items=(), number=2, pages=5, total=140),
    }


def _lists() -> dict[str, Any]:
    unsigned = say("Екі бағалау парағына қол қойылмаған", "Не подписаны два оценочных листа", "Two score sheets are not signed")
    tomorrow = say("Бағалау ертең жабылады", "Оценка закрывается завтра", "Scoring closes tomorrow")
    place = say(
        "Жоба қорғау орны орысша жазылмаған", "Место защиты не указано на казахском", "The pitch place lacks one language"
    )
    club = say("«Бірге оқимыз» үйірмесі", "Кружок «Бірге оқимыз»", "Reading club")
    felt = say("«Киіз әлемі» шеберханасы", "Мастерская «Киіз әлемі»", "Felt workshop")
    coffee = say("Кофе-нүкте", "Кофе-точка", "Coffee stand")
    return {
        "applications": [
            ("001", club, "info", say("тексерілуде", "на проверке", "being checked"), 1000000),
            ("003", felt, "success", say("қабылданды", "допущена", "admitted"), 1000000),
            ("004", coffee, "neutral", say("кері қайтарып алынды", "отозвана", "withdrawn"), 900000),
        ],
        "todo_items": [
            {
                "text": unsigned,
                "href": "#",
                "tone": "warning",
                "note": tomorrow,
                "action": say("Еске салу", "Напомнить", "Remind"),
            },
            {"text": place, "href": "#", "tone": "info"},
        ],
    }


def _budget() -> dict[str, Any]:
    equipment = say("Жабдық пен құрал", "Оборудование и инструмент", "Equipment and tools")
    line = {
        "category": "equip",
        "item": say("Ағаш қалып", "Деревянная форма", "Wooden mould"),
        "unit": say("дана", "шт.", "pcs"),
        "quantity": "2",
        "price": "30000",
        "sum": 60000,
        "grant": "60000",
        "own": "0",
    }
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
    }


def _scores() -> dict[str, Any]:
    return {
        "criterion": {
            "code": "2",
            "label": say("Іске асырылу мүмкіндігі, жоспар", "Реализуемость, план", "Feasibility, plan"),
            "weight": 20,
            "hint": say("Қадамдар, мерзім, кім жасайды", "Шаги, сроки, кто делает", "Steps, dates, who does it"),
        },
        "anchors": [
            ("0", say("жоқ", "нет", "none")),
            ("1–3", say("әлсіз", "слабо", "weak")),
            ("4–6", say("жартылай", "частично", "partial")),
            ("7–8", say("жақсы", "хорошо", "good")),
            ("9–10", say("өте жақсы", "отлично", "excellent")),
        ],
    }


def _charts() -> dict[str, Any]:
    felt = say("«Киіз әлемі»", "«Киіз әлемі»", "Felt workshop")
    laundry = say("«Таза киім»", "«Таза киім»", "Laundry")
    return {
        "bars": [
            {"label": say("Талдықорған қаласы", "город Талдыкорган", "Taldykorgan"), "value": 6},
            {"label": say("Ескелді ауданы", "Ескельдинский район", "Eskeldi district"), "value": 3},
            {"label": say("Текелі қаласы", "город Текели", "Tekeli"), "value": 1, "tone": "accent"},
        ],
        "gates": [
            {"label": say("Қаралама", "Черновики", "Drafts"), "value": 18},
            {"label": say("Тапсырылды", "Поданы", "Submitted"), "value": 14},
            {"label": say("Қабылданды", "Допущены", "Admitted"), "value": 11},
            {"label": say("Жеңімпаз", "Победители", "Winners"), "value": 4},
        ],
        "dots": [
            {"label": felt, "values": [88, 90, 85, 93, 91], "mean": 89.5, "low": 85, "high": 93},
            {"label": laundry, "values": [70, 74, 75, 78, 78], "mean": 75, "low": 70, "high": 79},
        ],
    }
