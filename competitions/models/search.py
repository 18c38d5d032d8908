"""By what submitted applications are found, made out of them again at any time; and the queries that people keep."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core.columns import Privacy, column, key, public_id
from app.core.db import Model
from app.programmes.models import ProgrammeOwned
from competitions.models.application import Application
from competitions.rules.query_text import LONGEST_NAME, LONGEST_QUERY
from competitions.rules.stems import LONGEST_STEM


class SearchEntry(Model):
    """What one application asks for and where its applicant lives; her age by a blind index only."""

    __tablename__ = "competitions_search_entries"
    __table_args__ = (
        Index("ix_competitions_search_entries_amount", "amount"),
        Index("ix_competitions_search_entries_region", "region"),
        Index("ix_competitions_search_entries_age_index", "age_index"),
    )
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey(Application.id), unique=True)
    amount: Mapped[int | None] = column(Privacy.PROJECT, comment="tenge asked for")
    region: Mapped[str | None] = column(Privacy.CONTACT, String(5), comment="ISO 3166-2, KZ-NN")
    age_index: Mapped[str | None] = column(Privacy.IDENTITY, String(43), comment="blind index of the age on the closing day")


class SearchWord(Model):
    """One stem of the project or of the applicant's name. Compared as code points: beginnings are ranges of the index."""

    __tablename__ = "competitions_search_words"
    __table_args__ = (
        UniqueConstraint("application_id", "stem", "is_name"),
        Index("ix_competitions_search_words_stem", "stem", "is_name", "application_id"),
    )
    id: Mapped[int] = key()
    application_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey(Application.id))
    stem: Mapped[str] = column(
        Privacy.CONTACT, String(LONGEST_STEM).with_variant(String(LONGEST_STEM, collation="C"), "postgresql")
    )
    is_name: Mapped[bool] = column(Privacy.INTERNAL, default=False)


class SavedView(ProgrammeOwned, Model):
    """A query somebody keeps under a name for the competitions of a programme, for herself or for all who work there."""

    __tablename__ = "competitions_saved_views"
    __table_args__ = (UniqueConstraint("programme_id", "user_id", "name"),)
    id: Mapped[int] = key()
    public_id: Mapped[str] = public_id()
    user_id: Mapped[int] = column(Privacy.INTERNAL, ForeignKey("people_users.id"), index=True)
    name: Mapped[str] = column(Privacy.INTERNAL, String(LONGEST_NAME))
    query: Mapped[str] = column(Privacy.CONTACT, String(LONGEST_QUERY), comment="as typed; a name may stand in it")
    is_shared: Mapped[bool] = column(Privacy.INTERNAL, default=False)
    created_at: Mapped[datetime] = column(Privacy.INTERNAL)
