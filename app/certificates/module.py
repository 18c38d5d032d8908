"""What certificates hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.certificates.invariants import INVARIANTS, SEALS
from app.certificates.labels import ACTS, LABELS
from app.certificates.notices import KINDS
from app.certificates.policy import DANGEROUS, GRANTS, Permission
from app.certificates.queries import POLICY
from app.certificates.services import make_documents
from app.certificates.states import CERTIFICATE, RENDER
from app.certificates.views import account, organiser, public
from app.modules import MenuEntry, Module


def _issues(actor: Actor) -> bool:
    return bool(actor.programmes_with(*GRANTS[Permission.CERTIFICATE_LIST]))


module = Module(
    name="certificates",
    blueprints=(public.bp, account.bp, organiser.bp),
    policies=(POLICY,),
    grants=GRANTS,
    machines=(CERTIFICATE,),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    invariants=INVARIANTS,
    seals=SEALS,
    message_kinds=KINDS,
    jobs={RENDER: make_documents},
    menu=(
        MenuEntry(
            _l("My certificates"),
            "certificates_account.certificates",
            lambda actor: actor.is_signed_in,
            position=70,
            icon="award",
        ),
        MenuEntry(_l("Certificates"), "certificates_organiser.certificates", _issues, position=75, icon="award"),
    ),
)
