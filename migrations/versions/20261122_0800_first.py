"""First schema.

Risk: none, the database is empty. Back: everything is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_audit_heads",
        sa.Column(
            "chain",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            autoincrement=False,
            nullable=False,
            comment="programme id; 0 is the installation",
        ),
        sa.Column("count", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_core_audit_heads")),
    )
    op.create_table(
        "core_jobs",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=False, comment="the same work asked twice is one row"),
        sa.Column("payload", sa.JSON(), nullable=False, comment="ids only; never personal data"),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "dead",
                name="job_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "attempts", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="times it was claimed"
        ),
        sa.Column(
            "failures",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="times it ended in an error",
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False, comment="not before"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder", sa.String(length=32), nullable=True, comment="the worker that holds the lease"),
        sa.Column("done_count", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("total_count", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False, comment="class of the last error, without its text"),
        sa.Column(
            "requested_by",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="account that may watch it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_jobs")),
        sa.UniqueConstraint("kind", "unique_key", name=op.f("uq_core_jobs_kind_unique_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_core_jobs_public_id")),
    )
    with op.batch_alter_table("core_jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_jobs_requested_by"), ["requested_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_core_jobs_state_run_at"), ["state", "run_at"], unique=False)

    op.create_table(
        "core_ticks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "minute", name=op.f("pk_core_ticks")),
    )
    op.create_table(
        "core_tokens",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the secret; it is kept nowhere"),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="what dies together: usually a public id"),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_core_tokens_digest")),
    )
    with op.batch_alter_table("core_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_tokens_subject"), ["subject"], unique=False)

    op.create_table(
        "core_windows",
        sa.Column("key", sa.String(length=200), nullable=False, comment="holds a blind index of the address"),
        sa.Column("count", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core_windows")),
    )
    with op.batch_alter_table("core_windows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_windows_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "messages_mailings",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("unique_key", sa.String(length=120), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False, comment="values the letter needs, the same for all"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_mailings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_mailings_public_id")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_messages_mailings_unique_key")),
    )
    with op.batch_alter_table("messages_mailings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_mailings_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "messages_messages",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("unique_key", sa.String(length=160), nullable=False, comment="the same letter twice is one row"),
        sa.Column(
            "programme_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="whose organisers may see it",
        ),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=True),
        sa.Column(
            "message_id",
            sa.String(length=200),
            nullable=False,
            comment="fixed at creation, so that programs fold a second copy",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "sent", "failed", "dead", name="message_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False, comment="the server's last code, without its text"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_messages_messages_sent_is_dated")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_messages_message_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_messages_public_id")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_messages_messages_unique_key")),
    )
    with op.batch_alter_table("messages_messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_messages_messages_programme_id_created_at"), ["programme_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_messages_messages_state_created_at"), ["state", "created_at"], unique=False)

    op.create_table(
        "people_attempts",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sign_in",
                "sign_up",
                "letter",
                "invitation",
                name="attempt_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account", sa.String(length=43), nullable=False, comment="blind index of the e-mail address tried"),
        sa.Column("address", sa.String(length=43), nullable=False, comment="blind index of the network"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_attempts")),
    )
    with op.batch_alter_table("people_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_attempts_account"), ["account"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_attempts_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_attempts_at"), ["at"], unique=False)

    op.create_table(
        "people_persons",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("patronymic", sa.String(length=100), nullable=False, comment="may be absent"),
        sa.Column("email", sa.String(length=254), nullable=True, comment="where letters go; the account has its own"),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="+77XXXXXXXXX, encrypted"),
        sa.Column("phone_index", sa.String(length=43), nullable=True, comment="blind index of phone"),
        sa.Column("iin", sa.LargeBinary(), nullable=True, comment="identity number, encrypted"),
        sa.Column("iin_index", sa.String(length=43), nullable=True, comment="blind index of iin"),
        sa.Column("born_on", sa.LargeBinary(), nullable=True),
        sa.Column("region", sa.String(length=5), nullable=True, comment="ISO 3166-2, KZ-NN"),
        sa.Column("district", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("merged_into_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_people_persons_not_merged_into_itself")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["people_persons.id"], name=op.f("fk_people_persons_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_persons")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_persons_public_id")),
    )
    with op.batch_alter_table("people_persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_persons_iin_index"), ["iin_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_persons_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_persons_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "programmes_organisations",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column(
            "kind",
            sa.Enum(
                "association",
                "centre",
                "customer",
                "institution",
                "partner",
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=True, comment="business identification number"),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_organisations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programmes_organisations_public_id")),
    )
    op.create_table(
        "core_audit_entries",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("chain", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "number",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="1, 2, 3 ... within the chain, without gaps",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "user_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="account; kept when the person is erased",
        ),
        sa.Column("by", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("noun", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="public id of the object"),
        sa.Column("details", sa.JSON(), nullable=False, comment="ids, states, numbers; never personal data"),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["chain"], ["core_audit_heads.chain"], name=op.f("fk_core_audit_entries_chain")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit_entries")),
        sa.UniqueConstraint("chain", "number", name=op.f("uq_core_audit_entries_chain_number")),
        sa.UniqueConstraint("digest", name=op.f("uq_core_audit_entries_digest")),
    )
    with op.batch_alter_table("core_audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_audit_entries_subject"), ["subject"], unique=False)

    op.create_table(
        "messages_recipients",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("mailing_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "about",
            sa.String(length=64),
            nullable=False,
            comment="public id of what the letter is about, where one address has several",
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False, comment="values of this recipient's letter"),
        sa.Column("message_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["mailing_id"], ["messages_mailings.id"], name=op.f("fk_messages_recipients_mailing_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages_messages.id"], name=op.f("fk_messages_recipients_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages_recipients")),
        sa.UniqueConstraint("mailing_id", "address", "about", name=op.f("uq_messages_recipients_mailing_id_address_about")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_recipients_message_id")),
    )
    op.create_table(
        "people_consents",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "processing",
                "name",
                "photo",
                "graduate",
                name="consent_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.String(length=64), nullable=False, comment="public id of the competition, or 'installation'"),
        sa.Column("value", sa.String(length=40), nullable=False, comment="for `name`: how to be named (PublicName)"),
        sa.Column("text_version", sa.String(length=64), nullable=False, comment="SHA-256 of the text agreed to"),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network", sa.String(length=43), nullable=False, comment="blind index of the network it was given from"),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_people_consents_withdrawn_after_given")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_people_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_consents_public_id")),
    )
    with op.batch_alter_table("people_consents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_people_consents_one_standing",
            ["person_id", "kind", "scope"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "people_users",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False, comment="canonical: stripped, NFKC, casefolded, IDNA"),
        sa.Column("password_hash", sa.String(length=200), nullable=True, comment="argon2id; None until a password is set"),
        sa.Column(
            "state",
            sa.Enum("unverified", "active", "blocked", name="user_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=True, comment="chosen language; None follows the browser"),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' OR verified_at IS NOT NULL", name=op.f("ck_people_users_active_only_when_verified")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_people_users_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_users")),
        sa.UniqueConstraint("email", name=op.f("uq_people_users_email")),
        sa.UniqueConstraint("person_id", name=op.f("uq_people_users_person_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_users_public_id")),
    )
    op.create_table(
        "programmes_programmes",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False, comment="IANA name; dates are shown in it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["programmes_organisations.id"], name=op.f("fk_programmes_programmes_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_programmes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programmes_programmes_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_programmes_programmes_slug")),
    )
    op.create_table(
        "certificates_certificates",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False, comment="public id of what it certifies, such as an award"),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("letter", sa.String(length=4), nullable=False),
        sa.Column(
            "count",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="1, 2, 3 ... within series and letter",
        ),
        sa.Column("number", sa.String(length=40), nullable=False, comment="SA26-Д-0001"),
        sa.Column("code", sa.String(length=26), nullable=False, comment="128 random bits, printed on the document"),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("name", sa.String(length=320), nullable=False, comment="of the holder, as the document gives it"),
        sa.Column(
            "public_name", sa.String(length=320), nullable=False, comment="what strangers may read, by consent; may be empty"
        ),
        sa.Column("facts", sa.JSON(), nullable=False, comment="what the sentence says, frozen"),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "valid", "revoked", "replaced", name="certificate_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True, comment="revoked or replaced"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="why it was revoked or replaced"),
        sa.Column("replaced_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name=op.f("ck_certificates_certificates_ended_is_dated")),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_certificates_certificates_person_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_certificates_certificates_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["certificates_certificates.id"], name=op.f("fk_certificates_certificates_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_certificates_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_certificates_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificates_certificates_public_id")),
        sa.UniqueConstraint("series", "letter", "count", name=op.f("uq_certificates_certificates_series_letter_count")),
    )
    with op.batch_alter_table("certificates_certificates", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificates_certificates_one_valid",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )
        batch_op.create_index(batch_op.f("ix_certificates_certificates_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_certificates_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "competitions_competitions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("slug", sa.String(length=60), nullable=False, comment="the address /c/<slug>"),
        sa.Column(
            "kind",
            sa.Enum("grant", "prize", name="competition_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=5), nullable=False, comment="ISO 3166-2, KZ-NN"),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approved",
                "announced",
                "decided",
                "published",
                "closed",
                "cancelled",
                name="competition_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("tagline", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False, comment="Markdown"),
        sa.Column(
            "questions_and_answers", sa.JSON(), nullable=False, comment="[{question: {kk, ru, en}, answer: {kk, ru, en}}]"
        ),
        sa.Column("languages", sa.JSON(), nullable=False, comment="required to publish"),
        sa.Column(
            "fund",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="tenge; awards together never exceed it",
        ),
        sa.Column(
            "award_cap",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="tenge; the most one award may be",
        ),
        sa.Column("award_count", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("code_prefix", sa.String(length=8), nullable=False, comment="SA26 in SA26-001"),
        sa.Column(
            "last_number",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="of the codes given; never reused",
        ),
        sa.Column("helpline", sa.String(length=20), nullable=False, comment="phone shown on every page of the competition"),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True, comment="when results were published"),
        sa.Column("cancellation", sa.String(), nullable=False, comment="why it was called off, as applicants read it"),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'approved', 'cancelled') OR announced_at IS NOT NULL",
            name=op.f("ck_competitions_competitions_announced_has_instant"),
        ),
        sa.CheckConstraint(
            "award_cap >= 0 AND award_cap <= fund", name=op.f("ck_competitions_competitions_award_cap_within_fund")
        ),
        sa.CheckConstraint("fund >= 0", name=op.f("ck_competitions_competitions_fund_is_not_negative")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_competitions_competitions_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_competitions")),
        sa.UniqueConstraint("id", "programme_id", name=op.f("uq_competitions_competitions_id_programme_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_competitions_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_competitions_competitions_slug")),
    )
    with op.batch_alter_table("competitions_competitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_competitions_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "people_user_sessions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("token", sa.String(length=64), nullable=False, comment="SHA-256 of what the cookie holds"),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="written at most once a minute"),
        sa.Column(
            "expires_at", sa.DateTime(timezone=True), nullable=False, comment="whatever happens; idle sessions end before"
        ),
        sa.Column("is_remembered", sa.Boolean(), nullable=False, comment="asked to stay signed in; staff never are"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False, comment="browser and system, for the list of devices"),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= created_at", name=op.f("ck_people_user_sessions_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_people_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_user_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_user_sessions_public_id")),
        sa.UniqueConstraint("token", name=op.f("uq_people_user_sessions_token")),
    )
    with op.batch_alter_table("people_user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "programmes_memberships",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "organiser",
                "secretary",
                "checker",
                "consultant",
                "lawyer",
                "press",
                "institution",
                "funder",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the right vanishes at once; the row stays as a trail",
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_programmes_memberships_ends_after_it_began")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_programmes_memberships_programme_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_programmes_memberships_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes_memberships")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programmes_memberships_public_id")),
    )
    with op.batch_alter_table("programmes_memberships", schema=None) as batch_op:
        batch_op.create_index(
            "ix_programmes_memberships_one_standing",
            ["programme_id", "user_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_programmes_memberships_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programmes_memberships_user_id"), ["user_id"], unique=False)

    op.create_table(
        "awards_result_versions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False, comment="codes, places, sums, totals; no names: consent decides those"),
        sa.Column("ranking_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_awards_result_versions_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_awards_result_versions_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["people_users.id"], name=op.f("fk_awards_result_versions_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards_result_versions")),
        sa.UniqueConstraint("competition_id", "number", name=op.f("uq_awards_result_versions_competition_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_awards_result_versions_public_id")),
    )
    with op.batch_alter_table("awards_result_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_awards_result_versions_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "certificates_files",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("certificate_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("storage_key", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates_certificates.id"], name=op.f("fk_certificates_files_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates_files")),
        sa.UniqueConstraint("certificate_id", "language", name=op.f("uq_certificates_files_certificate_id_language")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_certificates_files_storage_key")),
    )
    with op.batch_alter_table("certificates_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "competitions_calendar_dates",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "milestone",
            sa.Enum(
                "opens",
                "closes",
                "checked",
                "freezes",
                "scoring_opens",
                "scoring_closes",
                "pitch",
                "publishes",
                "appeals_close",
                "contracts",
                "pays",
                "interim_reports",
                "reports",
                name="milestone",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="t < at is before, t >= at is after"),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_competitions_calendar_dates_competition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_calendar_dates")),
        sa.UniqueConstraint(
            "competition_id", "milestone", name=op.f("uq_competitions_calendar_dates_competition_id_milestone")
        ),
    )
    op.create_table(
        "competitions_forms",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="version 1, 2, ..."
        ),
        sa.Column("groups", sa.JSON(), nullable=False, comment="[{key, title: {kk, ru, en}}] in order; one a screen"),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True, comment="set when the first application uses it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_competitions_forms_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_competitions_forms_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_forms")),
        sa.UniqueConstraint("competition_id", "number", name=op.f("uq_competitions_forms_competition_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_forms_public_id")),
    )
    with op.batch_alter_table("competitions_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_forms_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_competitions_forms_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "competitions_rules",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="version 1, 2, ..."
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "approved", "superseded", name="rules_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column(
            "sections",
            sa.JSON(),
            nullable=False,
            comment="[{title: {kk, ru, en}, articles: [{kk, ru, en}]}] with {placeholders}",
        ),
        sa.Column("act_number", sa.String(length=40), nullable=False, comment="of the act of approval"),
        sa.Column("act_on", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR (approved_at IS NOT NULL AND act_number <> '' AND act_on IS NOT NULL)",
            name=op.f("ck_competitions_rules_approved_has_act"),
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_competitions_rules_competition_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_competitions_rules_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_rules")),
        sa.UniqueConstraint("competition_id", "number", name=op.f("uq_competitions_rules_competition_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_rules_public_id")),
    )
    with op.batch_alter_table("competitions_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_rules_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(
            "ix_competitions_rules_one_approved",
            ["competition_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )
        batch_op.create_index(batch_op.f("ix_competitions_rules_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "scoring_rounds",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "pass_total",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="points a winner needs in all",
        ),
        sa.Column("ties", sa.JSON(), nullable=False, comment="criterion keys in the order they break ties"),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_scoring_rounds_competition_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_rounds_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_rounds")),
        sa.UniqueConstraint("competition_id", name=op.f("uq_scoring_rounds_competition_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_rounds_public_id")),
    )
    with op.batch_alter_table("scoring_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_rounds_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "seminars_events",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "seminar",
                "training",
                "forum",
                "pitch",
                "meeting",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "announced", "cancelled", name="event_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False, comment="Markdown"),
        sa.Column("place", sa.JSON(), nullable=False),
        sa.Column("online_url", sa.String(length=300), nullable=False),
        sa.Column("capacity", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "academic_hours",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="of 45 minutes, printed on certificates; none for a forum",
        ),
        sa.Column("agenda", sa.JSON(), nullable=False, comment="[{at: HH:MM, title: {kk, ru, en}}]"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint("academic_hours IS NULL OR academic_hours > 0", name=op.f("ck_seminars_events_hours_are_positive")),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_seminars_events_capacity_is_positive")),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_seminars_events_competition_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_seminars_events_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seminars_events")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seminars_events_public_id")),
    )
    with op.batch_alter_table("seminars_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seminars_events_competition_id"), ["competition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seminars_events_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "competitions_applications",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("applicant_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True, comment="SA26-001, given at the first submission"),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "admitted",
                "not_admitted",
                "withdrawn",
                "disqualified",
                name="application_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False, comment="in which the project is written"),
        sa.Column("form_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "rules_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="the version she accepted",
        ),
        sa.Column("eligibility", sa.JSON(), nullable=False, comment="{graduate, age, region: bool}"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True, comment="arrival of the last submission"),
        sa.Column(
            "entered_by_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="who typed it, if not she",
        ),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (code IS NULL)", name=op.f("ck_competitions_applications_submitted_has_code")),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_competitions_applications_submitted_has_instant")
        ),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["people_persons.id"], name=op.f("fk_competitions_applications_applicant_id")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id", "programme_id"],
            ["competitions_competitions.id", "competitions_competitions.programme_id"],
            name="fk_competitions_applications_competition",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["people_users.id"], name=op.f("fk_competitions_applications_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["competitions_forms.id"], name=op.f("fk_competitions_applications_form_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_competitions_applications_programme_id")
        ),
        sa.ForeignKeyConstraint(["rules_id"], ["competitions_rules.id"], name=op.f("fk_competitions_applications_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_applications")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_competitions_applications_competition_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_applications_public_id")),
    )
    with op.batch_alter_table("competitions_applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_applications_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index("ix_competitions_applications_competition_state", ["competition_id", "state"], unique=False)
        batch_op.create_index(
            "ix_competitions_applications_one_a_person",
            ["competition_id", "applicant_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'disqualified')"),
            postgresql_where=sa.text("state NOT IN ('withdrawn', 'disqualified')"),
        )
        batch_op.create_index(batch_op.f("ix_competitions_applications_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "competitions_questions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("form_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "short",
                "long",
                "number",
                "money",
                "date",
                "choice",
                "yes_no",
                "table",
                "budget",
                "file",
                "district",
                "person_name",
                "iin",
                "contact",
                "region_district",
                "institution",
                name="question_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("hint", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False, comment="the jury never sees the answer"),
        sa.Column(
            "max_length", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True, comment="in code points"
        ),
        sa.Column("options", sa.JSON(), nullable=False, comment="columns of a table, choices of a choice"),
        sa.CheckConstraint(
            "max_length IS NULL OR max_length > 0", name=op.f("ck_competitions_questions_max_length_is_positive")
        ),
        sa.ForeignKeyConstraint(["form_id"], ["competitions_forms.id"], name=op.f("fk_competitions_questions_form_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_questions")),
        sa.UniqueConstraint("form_id", "key", name=op.f("uq_competitions_questions_form_id_key")),
    )
    op.create_table(
        "scoring_jurors",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("round_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "removed",
                name="juror_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_chair", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False, comment="the languages the juror reads"),
        sa.Column("email", sa.String(length=254), nullable=False, comment="contact for this jury; apart from the account"),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflicts_declared_at", sa.DateTime(timezone=True), nullable=True, comment="nothing is readable before it"),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_scoring_jurors_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_jurors_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["scoring_rounds.id"], name=op.f("fk_scoring_jurors_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_jurors")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_jurors_public_id")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_scoring_jurors_round_id_person_id")),
    )
    with op.batch_alter_table("scoring_jurors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_scoring_jurors_one_chair",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("is_chair AND state <> 'removed'"),
            postgresql_where=sa.text("is_chair AND state <> 'removed'"),
        )
        batch_op.create_index(batch_op.f("ix_scoring_jurors_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scoring_jurors_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "scoring_ranking_snapshots",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("round_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="version 1, 2, ..."
        ),
        sa.Column("inputs", sa.JSON(), nullable=False, comment="rules and sheets, as `scoring.ranking` reads them"),
        sa.Column("outcome", sa.JSON(), nullable=False, comment="standings in order"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of inputs and outcome"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="why a later version was made"),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["people_users.id"], name=op.f("fk_scoring_ranking_snapshots_frozen_by_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_ranking_snapshots_programme_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["scoring_rounds.id"], name=op.f("fk_scoring_ranking_snapshots_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_ranking_snapshots")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_ranking_snapshots_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_scoring_ranking_snapshots_round_id_number")),
    )
    with op.batch_alter_table("scoring_ranking_snapshots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_ranking_snapshots_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "scoring_stages",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("round_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False, comment="blind, pitch"),
        sa.Column("position", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("points", "pass_fail", name="stage_mode", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column(
            "pass_mark",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="points; below it an application goes no further",
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_scoring_stages_closes_after_it_opens")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_stages_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["scoring_rounds.id"], name=op.f("fk_scoring_stages_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_stages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_stages_public_id")),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_scoring_stages_round_id_key")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_scoring_stages_round_id_position")),
    )
    with op.batch_alter_table("scoring_stages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_stages_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "seminars_registrations",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("event_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "number",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=False,
            comment="order of arrival within the event, never reused",
        ),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "waiting",
                "cancelled",
                name="registration_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["seminars_events.id"], name=op.f("fk_seminars_registrations_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_seminars_registrations_person_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_seminars_registrations_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seminars_registrations")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_seminars_registrations_event_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seminars_registrations_public_id")),
    )
    with op.batch_alter_table("seminars_registrations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_seminars_registrations_one_standing",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.create_index(batch_op.f("ix_seminars_registrations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seminars_registrations_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "seminars_sessions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("event_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_seminars_sessions_ends_after_it_starts")),
        sa.ForeignKeyConstraint(["event_id"], ["seminars_events.id"], name=op.f("fk_seminars_sessions_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seminars_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seminars_sessions_public_id")),
    )
    with op.batch_alter_table("seminars_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seminars_sessions_event_id"), ["event_id"], unique=False)

    op.create_table(
        "awards_awards",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("competition_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "snapshot_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="the frozen ranking it follows from",
        ),
        sa.Column(
            "kind",
            sa.Enum("winner", "reserve", name="award_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "published",
                "declined",
                "revoked",
                name="award_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("amount", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="tenge"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'winner' AND amount > 0) OR (kind = 'reserve' AND amount = 0)",
            name=op.f("ck_awards_awards_winner_has_sum"),
        ),
        sa.CheckConstraint("place > 0", name=op.f("ck_awards_awards_place_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_awards_awards_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"], ["competitions_competitions.id"], name=op.f("fk_awards_awards_competition_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_awards_awards_programme_id")),
        sa.ForeignKeyConstraint(["snapshot_id"], ["scoring_ranking_snapshots.id"], name=op.f("fk_awards_awards_snapshot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards_awards")),
        sa.UniqueConstraint("public_id", name=op.f("uq_awards_awards_public_id")),
    )
    with op.batch_alter_table("awards_awards", schema=None) as batch_op:
        batch_op.create_index(
            "ix_awards_awards_one_a_place",
            ["competition_id", "place"],
            unique=True,
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )
        batch_op.create_index(
            "ix_awards_awards_one_standing",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )
        batch_op.create_index(batch_op.f("ix_awards_awards_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "competitions_answer_changes",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("change_id", sa.String(length=64), nullable=False, comment="made by the client"),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "version",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="of the answer after it; None when late or in conflict",
        ),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False, comment="kept for its author; never part of the application"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_answer_changes_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_answer_changes")),
        sa.UniqueConstraint(
            "application_id", "change_id", name=op.f("uq_competitions_answer_changes_application_id_change_id")
        ),
    )
    with op.batch_alter_table("competitions_answer_changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_competitions_answer_changes_question", ["application_id", "question_key", "version"], unique=False
        )

    op.create_table(
        "competitions_answers",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True, comment="NULL for private questions"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True, comment="JSON of a private answer, encrypted"),
        sa.Column("version", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_competitions_answers_version_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_answers_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_answers")),
        sa.UniqueConstraint("application_id", "question_key", name=op.f("uq_competitions_answers_application_id_question_key")),
    )
    op.create_table(
        "competitions_application_versions",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False, comment="{question key: value} of the project part"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False, comment="JSON of the private part, encrypted"),
        sa.Column("documents", sa.JSON(), nullable=False, comment="[{public_id, question_key, sha256, ...}]"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="of the canonical JSON of content and documents"),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False, comment="arrival of the request"),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_competitions_application_versions_number_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["competitions_applications.id"],
            name=op.f("fk_competitions_application_versions_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_application_versions")),
        sa.UniqueConstraint(
            "application_id", "number", name=op.f("uq_competitions_application_versions_application_id_number")
        ),
    )
    op.create_table(
        "competitions_checks",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "returned",
                "admitted",
                "not_admitted",
                name="check_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False, comment="JSON: [{question: key or null, text}]"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'returned') = (due_at IS NOT NULL)", name=op.f("ck_competitions_checks_term_where_returned")
        ),
        sa.CheckConstraint("outcome = 'admitted' OR reasons <> '[]'", name=op.f("ck_competitions_checks_reasons_where_due")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_checks_application_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["people_users.id"], name=op.f("fk_competitions_checks_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_checks")),
    )
    with op.batch_alter_table("competitions_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_checks_application_id"), ["application_id"], unique=False)

    op.create_table(
        "competitions_documents",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("question_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False, comment="as the applicant named it; jurors get code-1.pdf"),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("extension", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_competitions_documents_size_is_positive")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_competitions_documents_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions_documents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_competitions_documents_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_competitions_documents_storage_key")),
    )
    with op.batch_alter_table("competitions_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competitions_documents_application_id"), ["application_id"], unique=False)

    op.create_table(
        "scoring_assignments",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("juror_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_scoring_assignments_application_id")
        ),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["people_users.id"], name=op.f("fk_scoring_assignments_assigned_by_id")),
        sa.ForeignKeyConstraint(["juror_id"], ["scoring_jurors.id"], name=op.f("fk_scoring_assignments_juror_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_assignments_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_assignments")),
        sa.UniqueConstraint("juror_id", "application_id", name=op.f("uq_scoring_assignments_juror_id_application_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_assignments_public_id")),
    )
    with op.batch_alter_table("scoring_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_assignments_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scoring_assignments_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "scoring_conflicts",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("juror_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("application_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "personal",
                "family",
                "institutional",
                "mentor",
                "other",
                name="conflict_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["competitions_applications.id"], name=op.f("fk_scoring_conflicts_application_id")
        ),
        sa.ForeignKeyConstraint(["declared_by_id"], ["people_users.id"], name=op.f("fk_scoring_conflicts_declared_by_id")),
        sa.ForeignKeyConstraint(["juror_id"], ["scoring_jurors.id"], name=op.f("fk_scoring_conflicts_juror_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_conflicts_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_conflicts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_conflicts_public_id")),
    )
    with op.batch_alter_table("scoring_conflicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_conflicts_application_id"), ["application_id"], unique=False)
        batch_op.create_index(
            "ix_scoring_conflicts_one_standing",
            ["juror_id", "application_id"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_scoring_conflicts_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "scoring_criteria",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("stage_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False, comment="C1"),
        sa.Column("position", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("low", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("high", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("step", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False, comment="[{from, to, text: {kk, ru, en}}]"),
        sa.Column(
            "comment_at_most",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="a score up to this needs a comment",
        ),
        sa.Column(
            "comment_at_least",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="a score from this on needs a comment",
        ),
        sa.CheckConstraint("high > low", name=op.f("ck_scoring_criteria_scale_has_width")),
        sa.CheckConstraint("step > 0", name=op.f("ck_scoring_criteria_step_is_positive")),
        sa.CheckConstraint("weight > 0", name=op.f("ck_scoring_criteria_weight_is_positive")),
        sa.ForeignKeyConstraint(["stage_id"], ["scoring_stages.id"], name=op.f("fk_scoring_criteria_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_criteria")),
        sa.UniqueConstraint("stage_id", "key", name=op.f("uq_scoring_criteria_stage_id_key")),
    )
    op.create_table(
        "seminars_attendances",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("session_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "method",
            sa.Enum("list", "code", name="attendance_method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("marked_by_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["marked_by_id"], ["people_users.id"], name=op.f("fk_seminars_attendances_marked_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people_persons.id"], name=op.f("fk_seminars_attendances_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["seminars_sessions.id"], name=op.f("fk_seminars_attendances_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seminars_attendances")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_seminars_attendances_session_id_person_id")),
    )
    with op.batch_alter_table("seminars_attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seminars_attendances_person_id"), ["person_id"], unique=False)

    op.create_table(
        "scoring_reviews",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False, comment="random, for addresses"),
        sa.Column("assignment_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("stage_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "draft",
                "signed",
                "recused",
                name="review_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=4000), nullable=False, comment="the juror's own, read by nobody else"),
        sa.Column("feedback", sa.String(length=4000), nullable=False, comment="to the applicant, after publication"),
        sa.Column("reopen_reason", sa.String(length=500), nullable=False, comment="why the chair gave it back last"),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="of the canonical JSON of the signed sheet"),
        sa.Column("programme_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(state = 'signed') = (sha256 IS NOT NULL AND signed_at IS NOT NULL)",
            name=op.f("ck_scoring_reviews_signed_has_hash"),
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["scoring_assignments.id"], name=op.f("fk_scoring_reviews_assignment_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes_programmes.id"], name=op.f("fk_scoring_reviews_programme_id")),
        sa.ForeignKeyConstraint(["stage_id"], ["scoring_stages.id"], name=op.f("fk_scoring_reviews_stage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_reviews")),
        sa.UniqueConstraint("assignment_id", "stage_id", name=op.f("uq_scoring_reviews_assignment_id_stage_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scoring_reviews_public_id")),
    )
    with op.batch_alter_table("scoring_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoring_reviews_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scoring_reviews_stage_id"), ["stage_id"], unique=False)

    op.create_table(
        "scoring_score_changes",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("review_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False, comment="C1, comment-C1, note or feedback"),
        sa.Column("change_id", sa.String(length=64), nullable=False, comment="made by the client"),
        sa.Column("value", sa.String(length=4000), nullable=False),
        sa.Column(
            "version",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="of the field after it; None when late or in conflict",
        ),
        sa.Column("is_late", sa.Boolean(), nullable=False, comment="kept for its author; never counted"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["scoring_reviews.id"], name=op.f("fk_scoring_score_changes_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_score_changes")),
        sa.UniqueConstraint("review_id", "change_id", name=op.f("uq_scoring_score_changes_review_id_change_id")),
        sa.UniqueConstraint("review_id", "field", "version", name=op.f("uq_scoring_score_changes_review_id_field_version")),
    )
    op.create_table(
        "scoring_scores",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("review_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("criterion_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "points",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            nullable=True,
            comment="None while only a comment is written",
        ),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["criterion_id"], ["scoring_criteria.id"], name=op.f("fk_scoring_scores_criterion_id")),
        sa.ForeignKeyConstraint(["review_id"], ["scoring_reviews.id"], name=op.f("fk_scoring_scores_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_scores")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_scoring_scores_review_id_criterion_id")),
    )


def downgrade() -> None:
    op.drop_table("scoring_scores")
    op.drop_table("scoring_score_changes")
    with op.batch_alter_table("scoring_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_reviews_stage_id"))
        batch_op.drop_index(batch_op.f("ix_scoring_reviews_programme_id"))

    op.drop_table("scoring_reviews")
    with op.batch_alter_table("seminars_attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seminars_attendances_person_id"))

    op.drop_table("seminars_attendances")
    op.drop_table("scoring_criteria")
    with op.batch_alter_table("scoring_conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_conflicts_programme_id"))
        batch_op.drop_index(
            "ix_scoring_conflicts_one_standing",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_scoring_conflicts_application_id"))

    op.drop_table("scoring_conflicts")
    with op.batch_alter_table("scoring_assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_assignments_programme_id"))
        batch_op.drop_index(batch_op.f("ix_scoring_assignments_application_id"))

    op.drop_table("scoring_assignments")
    with op.batch_alter_table("competitions_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_documents_application_id"))

    op.drop_table("competitions_documents")
    with op.batch_alter_table("competitions_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_checks_application_id"))

    op.drop_table("competitions_checks")
    op.drop_table("competitions_application_versions")
    op.drop_table("competitions_answers")
    with op.batch_alter_table("competitions_answer_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_competitions_answer_changes_question")

    op.drop_table("competitions_answer_changes")
    with op.batch_alter_table("awards_awards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_awards_awards_programme_id"))
        batch_op.drop_index(
            "ix_awards_awards_one_standing",
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )
        batch_op.drop_index(
            "ix_awards_awards_one_a_place",
            sqlite_where=sa.text("state <> 'revoked'"),
            postgresql_where=sa.text("state <> 'revoked'"),
        )

    op.drop_table("awards_awards")
    with op.batch_alter_table("seminars_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seminars_sessions_event_id"))

    op.drop_table("seminars_sessions")
    with op.batch_alter_table("seminars_registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seminars_registrations_programme_id"))
        batch_op.drop_index(batch_op.f("ix_seminars_registrations_person_id"))
        batch_op.drop_index(
            "ix_seminars_registrations_one_standing",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.drop_table("seminars_registrations")
    with op.batch_alter_table("scoring_stages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_stages_programme_id"))

    op.drop_table("scoring_stages")
    with op.batch_alter_table("scoring_ranking_snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_ranking_snapshots_programme_id"))

    op.drop_table("scoring_ranking_snapshots")
    with op.batch_alter_table("scoring_jurors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_jurors_programme_id"))
        batch_op.drop_index(batch_op.f("ix_scoring_jurors_person_id"))
        batch_op.drop_index(
            "ix_scoring_jurors_one_chair",
            sqlite_where=sa.text("is_chair AND state <> 'removed'"),
            postgresql_where=sa.text("is_chair AND state <> 'removed'"),
        )

    op.drop_table("scoring_jurors")
    op.drop_table("competitions_questions")
    with op.batch_alter_table("competitions_applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_applications_programme_id"))
        batch_op.drop_index(
            "ix_competitions_applications_one_a_person",
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'disqualified')"),
            postgresql_where=sa.text("state NOT IN ('withdrawn', 'disqualified')"),
        )
        batch_op.drop_index("ix_competitions_applications_competition_state")
        batch_op.drop_index(batch_op.f("ix_competitions_applications_applicant_id"))

    op.drop_table("competitions_applications")
    with op.batch_alter_table("seminars_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seminars_events_programme_id"))
        batch_op.drop_index(batch_op.f("ix_seminars_events_competition_id"))

    op.drop_table("seminars_events")
    with op.batch_alter_table("scoring_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_rounds_programme_id"))

    op.drop_table("scoring_rounds")
    with op.batch_alter_table("competitions_rules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_rules_programme_id"))
        batch_op.drop_index(
            "ix_competitions_rules_one_approved",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_competitions_rules_competition_id"))

    op.drop_table("competitions_rules")
    with op.batch_alter_table("competitions_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_forms_programme_id"))
        batch_op.drop_index(batch_op.f("ix_competitions_forms_competition_id"))

    op.drop_table("competitions_forms")
    op.drop_table("competitions_calendar_dates")
    with op.batch_alter_table("certificates_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_files_sha256"))

    op.drop_table("certificates_files")
    with op.batch_alter_table("awards_result_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_awards_result_versions_programme_id"))

    op.drop_table("awards_result_versions")
    with op.batch_alter_table("programmes_memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_memberships_user_id"))
        batch_op.drop_index(batch_op.f("ix_programmes_memberships_programme_id"))
        batch_op.drop_index(
            "ix_programmes_memberships_one_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("programmes_memberships")
    with op.batch_alter_table("people_user_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_user_sessions_user_id"))

    op.drop_table("people_user_sessions")
    with op.batch_alter_table("competitions_competitions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competitions_competitions_programme_id"))

    op.drop_table("competitions_competitions")
    with op.batch_alter_table("certificates_certificates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificates_certificates_programme_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_certificates_person_id"))
        batch_op.drop_index(
            "ix_certificates_certificates_one_valid",
            sqlite_where=sa.text("state = 'valid'"),
            postgresql_where=sa.text("state = 'valid'"),
        )

    op.drop_table("certificates_certificates")
    op.drop_table("programmes_programmes")
    op.drop_table("people_users")
    with op.batch_alter_table("people_consents", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_people_consents_one_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("people_consents")
    op.drop_table("messages_recipients")
    with op.batch_alter_table("core_audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_audit_entries_subject"))

    op.drop_table("core_audit_entries")
    op.drop_table("programmes_organisations")
    with op.batch_alter_table("people_persons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_persons_phone_index"))
        batch_op.drop_index(batch_op.f("ix_people_persons_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_people_persons_iin_index"))

    op.drop_table("people_persons")
    with op.batch_alter_table("people_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_attempts_at"))
        batch_op.drop_index(batch_op.f("ix_people_attempts_address"))
        batch_op.drop_index(batch_op.f("ix_people_attempts_account"))

    op.drop_table("people_attempts")
    with op.batch_alter_table("messages_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_messages_state_created_at"))
        batch_op.drop_index(batch_op.f("ix_messages_messages_programme_id_created_at"))

    op.drop_table("messages_messages")
    with op.batch_alter_table("messages_mailings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_mailings_programme_id"))

    op.drop_table("messages_mailings")
    with op.batch_alter_table("core_windows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_windows_ends_at"))

    op.drop_table("core_windows")
    with op.batch_alter_table("core_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_tokens_subject"))

    op.drop_table("core_tokens")
    op.drop_table("core_ticks")
    with op.batch_alter_table("core_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_jobs_state_run_at"))
        batch_op.drop_index(batch_op.f("ix_core_jobs_requested_by"))

    op.drop_table("core_jobs")
    op.drop_table("core_audit_heads")
