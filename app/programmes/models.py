"""Tables of organisations, programmes and memberships, and the mixin of everything a programme owns."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, declared_attr, relationship

from app.core import audit
from app.core.columns import Privacy, Translation, check, choice, column, key, public_id
from app.core.db import Model
from app.people.models import User
from app.programmes.states import OrganisationKind, Role


class Organisation(Model):
    """A body: the association, the centre, the customer, an institution, a partner."""

    __tablename__ = "programmes_organisations"
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    kind: Mapped[OrganisationKind] = choice(Privacy.OPEN, OrganisationKind, name="organisation_kind")
    name: Mapped[Translation] = column(Privacy.OPEN)
    bin: Mapped[str | None] = column(Privacy.OPEN, String(12), comment="business identification number")
    address: Mapped[Translation] = column(Privacy.OPEN, default=Translation)
    phone: Mapped[str] = column(Privacy.OPEN, String(20), default="")
    email: Mapped[str] = column(Privacy.OPEN, String(254), default="")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)

    @property
    def audit_chain(self) -> int:
        """Organisations serve several programmes."""
        return audit.INSTALLATION

    @property
    def contacts(self) -> str:
        """Where to write or call, for sentences; empty where it told neither."""
        return ", ".join(one for one in (self.email, self.phone) if one)


class Programme(Model):
    """A standing line of competitions, such as Start App; the boundary of roles and of the audit chain."""

    __tablename__ = "programmes_programmes"
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    slug: Mapped[str] = column(Privacy.OPEN, String(60), unique=True)
    name: Mapped[Translation] = column(Privacy.OPEN)
    organisation_id: Mapped[int] = column(Privacy.OPEN, ForeignKey("programmes_organisations.id"))
    timezone: Mapped[str] = column(Privacy.OPEN, String(40), default="Asia/Almaty", comment="IANA name; dates are shown in it")
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    @property
    def audit_chain(self) -> int:
        """Every programme has its own chain."""
        return self.id


class Membership(Model):
    """One role of one account in one programme."""

    __tablename__ = "programmes_memberships"
    __table_args__ = (
        Index(
            "ix_programmes_memberships_one_standing",
            "programme_id", "user_id", "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        check("ends_after_it_began", "ended_at IS NULL OR ended_at >= started_at"),
    )  # fmt: skip
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    programme_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("programmes_programmes.id"), index=True)
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"), index=True)
    role: Mapped[Role] = choice(Privacy.INTERNAL, Role, name="role")
    started_at: Mapped[datetime] = column(Privacy.INTERNAL)
    ended_at: Mapped[datetime | None] = column(Privacy.INTERNAL, comment="the right vanishes at once; the row stays as a trail")
    user: Mapped[User] = relationship(lazy="raise_on_sql")

    @property
    def audit_chain(self) -> int:
        """Roles are recorded in the programme they are of."""
        return self.programme_id


class ProgrammeOwned:
    """What belongs to one programme: the key that isolates organisers from each other, and names the audit chain."""

    @declared_attr
    def programme_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        """The owner."""
        return column(Privacy.INTERNAL, ForeignKey("programmes_programmes.id"), index=True)

    @property
    def audit_chain(self) -> int:
        """Acts are recorded in the chain of the owner."""
        return self.programme_id
