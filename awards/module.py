"""What awards hand to the platform."""

from flask_babel import lazy_gettext as _l

from app.certificates.events import HolderRenamed
from app.modules import CertificateKind, Demo, MessageKind, Module, Outcomes, Panel
from app.people.events import ConsentWithdrawn
from awards import demo
from awards.invariants import INVARIANTS, SEALS
from awards.labels import ACTS, LABELS
from awards.policy import DANGEROUS, GRANTS
from awards.queries import AWARD_POLICY
from awards.reactions import hide_name, name_holder
from awards.states import AWARD
from awards.views import organiser, outcomes, panels, public

WINNER = CertificateKind(
    "winner",
    title={"kk": "Диплом", "ru": "Диплом", "en": "Diploma"},
    sentence={
        "kk": "{name} – «{comp}» байқауының жеңімпазы. «{project}» жобасына {amount} ({words}) көлемінде грант берілді.",
        "ru": "{name} – победитель конкурса «{comp}». Проекту «{project}» присуждён грант {amount} ({words}).",
        "en": "{name}, winner of “{comp}”. Project “{project}” is awarded a grant of {amount} ({words}).",
    },
    purpose={
        "kk": "«{comp}» байқауының жеңімпазы",
        "ru": "Победа в конкурсе «{comp}»",
        "en": "Winner of “{comp}”",
    },
    letter="Д",
)

module = Module(
    name="awards",
    blueprints=(organiser.blueprint, public.blueprint),
    policies=(AWARD_POLICY,),
    machines=(AWARD,),
    labels=LABELS,
    acts=ACTS,
    dangerous=DANGEROUS,
    grants=GRANTS,
    invariants=INVARIANTS,
    seals=SEALS,
    reactions=((ConsentWithdrawn, hide_name), (HolderRenamed, name_holder)),
    panels=(
        Panel("competition.desk", panels.desk, position=80),
        Panel("application.overview", panels.application, position=10),
    ),
    outcomes=(Outcomes("application", outcomes.outcomes),),
    todos=(panels.todos,),
    certificate_kinds=(WINNER,),
    demo=Demo(load=demo.load),
    message_kinds=(
        MessageKind("awards.winner", _l("Congratulations: your project won"), "awards/email/winner"),
        MessageKind("awards.reserve", _l("Your project is on the reserve list"), "awards/email/reserve"),
        MessageKind("awards.not_selected", _l("News of your application"), "awards/email/not_selected"),
    ),
)
