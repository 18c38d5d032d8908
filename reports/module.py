"""What reports hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.modules import MenuEntry, Module
from reports.policy import GRANTS, READERS
from reports.queries import REPORT_POLICY
from reports.views import funder

module = Module(
    name="reports",
    blueprints=(funder.blueprint,),
    policies=(REPORT_POLICY,),
    grants=GRANTS,
    menu=(
        MenuEntry(
            _l("Reports"),
            "reports_funder.figures",
            lambda actor: bool(actor.programmes_with(*READERS)),
            60,
            icon="chart-column",
        ),
    ),
)
