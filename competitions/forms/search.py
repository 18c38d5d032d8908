"""The form of a query that is kept."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from app.core.forms import Form, at_most, required
from competitions.rules.query_text import LONGEST_NAME, LONGEST_QUERY


class ViewForm(Form):
    """Under which name a query is kept, and for whom."""

    name = StringField(_l("Name of the search"), [required(), at_most(LONGEST_NAME)])
    query = StringField(_l("What it looks for"), [required(), at_most(LONGEST_QUERY)])
    is_shared = BooleanField(_l("Everybody who works on the applications of this programme sees it"))
