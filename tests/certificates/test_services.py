"""Certificates are issued once, numbered without gaps, rendered by the worker, and ended for ever."""

import io
import threading
from dataclasses import replace as replaced
from datetime import date

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select, text

from app.access.actor import SYSTEM
from app.certificates.invariants import SEALS
from app.certificates.models import Certificate, CertificateFile
from app.certificates.queries import by_code, by_id, file_in
from app.certificates.rules import Holder
from app.certificates.services import hide_name, replace, revoke
from app.certificates.states import CertificateRefusal, CertificateState
from app.core import audit, clock, jobs, storage
from app.core.db import db, writing
from app.core.refusals import RefusedError
from app.programmes.models import Programme
from tests import factories
from tests.certificates.conftest import FACTS


def rows():
    found = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    return [(one.number, one.state) for one in found]


def test_same_subject_gets_one_certificate(database, issue_one):
    with writing():
        programme = factories.programme()
        first, second = issue_one(programme), issue_one(programme)

    assert first is second
    assert rows() == [("SA26-Д-0001", CertificateState.VALID)]


def test_sentence_with_a_gap_is_not_issued(database, issue_one):
    with pytest.raises(RefusedError) as caught, writing():
        issue_one(factories.programme(), facts={"comp": FACTS["comp"]})

    assert {one.code for one in caught.value.refusals} == {CertificateRefusal.FACT_MISSING}
    assert rows() == []


def test_parallel_issues_are_numbered_without_gaps(database, app, issue_one):
    with writing():
        programme_id = factories.programme().id

    def work(worker):
        for number in range(5):
            with app.app_context(), writing():
                issue_one(db.session.get(Programme, programme_id), f"award-{worker}-{number}")

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [number for number, _state in rows()] == [f"SA26-Д-{count:04d}" for count in range(1, 21)]


def test_each_letter_of_a_series_is_counted_by_itself(database, app, issue_one):
    kinds = app.extensions["baiqau"].certificate_kinds
    with writing():
        programme = factories.programme()
        for number in range(2):
            issue_one(programme, f"award-{number}")
        kinds["test"] = replaced(kinds["test"], letter="С")
        issue_one(programme, "visit-0")
        kinds["test"] = replaced(kinds["test"], letter="Д")
        issue_one(programme, "award-2")

    assert [number for number, _state in rows()] == ["SA26-Д-0001", "SA26-Д-0002", "SA26-С-0001", "SA26-Д-0003"]


def picture_of(made):
    document = pypdfium2.PdfDocument(made)
    try:
        text = document[0].get_textpage().get_text_range()
        return text, np.asarray(document[0].render(scale=3).to_pil().convert("L"))
    finally:
        document.close()


def test_documents_hold_the_name_in_kazakh_and_a_code_that_leads_to_the_page(database, app, issue_one):
    app.config["SETTINGS"].base_url = "https://baiqau.example"
    with writing():
        certificate = issue_one(factories.programme())
    jobs.drain()
    found = by_id(certificate.id)
    made = {one.language: storage.read(one.storage_key) for one in found.files}

    assert sorted(made) == ["en", "kk", "ru"]
    for language, words in (("kk", "бір миллион теңге"), ("ru", "один миллион тенге"), ("en", "one million tenge")):
        text, picture = picture_of(made[language])
        plain = " ".join(text.split())
        assert "Үлгібаева Тоғжан" in plain
        assert "Қолөнер шеберханасы: ұлттық ою-өрнек, әңгіме, һәм күй" in plain
        assert words in plain
        assert "SA26-Д-0001" in plain
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"https://baiqau.example/verify/{found.code}"]
        with pikepdf.open(io.BytesIO(made[language])) as document:
            assert str(document.Root.Lang) == language


def stored_keys():
    return sorted(key for key, _made_at in storage.keys())  # noqa: SIM118 - a function of the storage


def test_documents_are_made_once_however_often_the_job_runs(database, issue_one):
    with writing():
        issue_one(factories.programme())
    jobs.drain()
    before = stored_keys()
    with writing():
        db.session.execute(db.update(jobs.Job).values(state=jobs.JobState.QUEUED))
    jobs.drain()

    assert stored_keys() == before
    assert len(before) == len(db.session.scalars(select(CertificateFile.id)).all()) == 3


def broken():
    db.session.expire_all()
    return {one.name: list(one.broken()) for one in SEALS}


def test_certificates_fit_their_seals_until_somebody_writes_behind_the_site(database, issue_one):
    with writing():
        certificate = issue_one(factories.programme())
    jobs.drain()
    printed = broken()
    with writing():
        hide_name(by_id(certificate.id), by=SYSTEM, at=clock.now())
    hidden = broken()
    with writing():
        db.session.execute(text("UPDATE certificates_certificates SET public_name = 'Үлгібаева Т.'"))
        db.session.execute(text("UPDATE certificates_files SET language = 'fr' WHERE language = 'ru'"))

    assert printed == hidden == {"documents of certificates": [], "what certificates say": []}
    assert broken() == {
        "documents of certificates": ["SA26-Д-0001 ru", "SA26-Д-0001 fr"],
        "what certificates say": ["SA26-Д-0001"],
    }


def test_replaced_certificate_names_its_heir_and_stays_on_record(database, issue_one):
    with writing():
        certificate = issue_one(factories.programme())
        heir = replace(
            by_id(certificate.id), holder=Holder("Тоғжан Үлгібаева", ""), facts=FACTS, issued_on=date(2026, 11, 1),
            reason="аты қате жазылған", by=SYSTEM, at=clock.now(),
        )  # fmt: skip
    old = by_code(certificate.code)

    assert rows() == [("SA26-Д-0001", CertificateState.REPLACED), ("SA26-Д-0002", CertificateState.VALID)]
    assert old is not None
    assert old.replaced_by_id == heir.id
    assert [entry.verb for entry in audit.history(old)] == ["issue", "replace"]


def test_a_revoked_certificate_gets_no_heir_where_another_one_stands(database, issue_one):
    with writing():
        programme = factories.programme()
        revoked = issue_one(programme)
        revoke(by_id(revoked.id), reason="қате", by=SYSTEM, at=clock.now())
        standing = issue_one(programme)
    with pytest.raises(RefusedError) as refused, writing():
        replace(
            by_id(revoked.id), holder=Holder("Тоғжан", ""), facts=FACTS, issued_on=date(2026, 11, 1), reason="тағы",
            by=SYSTEM, at=clock.now(),
        )  # fmt: skip

    assert [one.code for one in refused.value.refusals] == [CertificateRefusal.ANOTHER_STANDS]
    assert rows() == [("SA26-Д-0001", CertificateState.REVOKED), (standing.number, CertificateState.VALID)]


def test_heir_is_the_standing_certificate_of_its_subject(database, issue_one):
    with writing():
        programme = factories.programme()
        heir = replace(
            by_id(issue_one(programme).id), holder=Holder("Тоғжан Үлгібаева", ""), facts=FACTS, issued_on=date(2026, 11, 1),
            reason="аты қате жазылған", by=SYSTEM, at=clock.now(),
        )  # fmt: skip

        assert issue_one(programme) is heir
    assert len(rows()) == 2


def test_revoked_certificate_cannot_be_revoked_again_and_may_be_issued_anew(database, issue_one):
    with writing():
        programme = factories.programme()
        certificate = issue_one(programme)
    with writing():
        revoke(certificate, reason="қате", by=SYSTEM, at=clock.now())
    with pytest.raises(RefusedError), writing():
        revoke(certificate, reason="тағы", by=SYSTEM, at=clock.now())
    with writing():
        issue_one(db.session.merge(programme))

    assert rows() == [("SA26-Д-0001", CertificateState.REVOKED), ("SA26-Д-0002", CertificateState.VALID)]


def test_file_is_absent_until_it_is_made(database, issue_one):
    with writing():
        certificate = issue_one(factories.programme())

    assert file_in(certificate, "kk") is None
