"""The interface in a browser: nothing axe finds, nothing wider than a phone, no word lost, all of it without JavaScript."""

import json
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import jsonify, render_template, request

SAMPLE = """
{% extends "layouts/form.html" %}
{% from "components/autosave.html" import autosave_status with context %}
{% from "components/budget.html" import budget_table with context %}
{% from "components/buttons.html" import action, button with context %}
{% from "components/fields.html" import field with context %}
{% from "components/scores.html" import criterion_field, score_total with context %}
{% block title %}{{ _("Components") }}{% endblock %}
{% block content %}
  <form method="post" action="/sample/save" data-autosave-url="/sample/save">
    {{ csrf_field() }}
    {{ field(field=plain.title, attrs={"data-version": 3}) }}
    {{ field(field=plain.known) }}
    {{ budget_table(rows=budget_rows[:1], categories=categories, totals=totals, cap=100000) }}
    {{ score_total(total="0,00", best=20) }}
    {{ criterion_field(criterion=criterion, name="points", anchors=anchors) }}
    {{ autosave_status() }}
    {{ button(label=_("Save")) }}
  </form>
  {{ action(label=_("Delete"), url="/sample/delete", kind="danger", confirm="7") }}
{% endblock %}
"""


@pytest.fixture
def sample(app):
    """A page of components on the real application, and a server that keeps to the contract of autosave."""
    from app.access.routes import public  # noqa: PLC0415 - the application is imported by the fixtures
    from app.showcase import context  # noqa: PLC0415

    server = SimpleNamespace(changes=[], version=3, conflict=None, deleted=0)

    def save():
        change = request.form.to_dict()
        server.changes.append(change)
        if server.conflict and change["base_version"] != "9":
            return jsonify(message="", server_value=server.conflict, server_version=9), 409
        server.version += 1
        return jsonify(version=server.version, saved_at="14:02", message="")

    def delete():
        server.deleted += 1
        return "", 204

    app.add_url_rule("/sample", "sample", public(lambda: app.jinja_env.from_string(SAMPLE).render(**_known(app, context()))))
    app.add_url_rule(
        "/sample/components", "showcase", public(lambda: render_template("app/admin/components.html", **context()))
    )
    app.add_url_rule("/sample/save", "sample_save", public(save), methods=["POST"])
    app.add_url_rule("/sample/delete", "sample_delete", public(delete), methods=["POST"])
    return server


def _known(app, values):
    app.update_template_context(values)
    return values


KEPT = """async () => {
  const queue = await import(document.querySelector("meta[name=queue-module]").content);
  return (await queue.read("/sample/save")).changes.map((one) => one.value);
}"""


def kept_on_device(page, count):
    """Wait until the device keeps so many unsent answers; the policy forbids waiting by evaluated code."""
    for _ in range(100):
        if len(page.evaluate(KEPT)) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(KEPT))


def saved(page):
    page.locator("[data-autosave-status].is-saved").wait_for(state="attached")
    kept_on_device(page, 0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_components_are_accessible_and_fit(sample, page, site, theme, width):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)

    page.goto(f"{site}/sample/components?lang=kk")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [(found["id"], found["nodes"][0]["target"]) for found in Axe().run(page).response["violations"]] == []
    assert complaints == []


def test_autosave_sends_each_changed_field_with_its_version(sample, page):
    page.goto("/sample?lang=kk")

    page.fill("#plain-title", "Киіз әлемі")
    page.locator("#plain-title").blur()
    saved(page)
    page.check("#plain-known-0")
    page.check("#plain-known-1")
    saved(page)

    sent = [(change["field"], change["value"], change["base_version"]) for change in sample.changes]
    assert sent[0] == ("plain-title", "Киіз әлемі", "3")
    assert sent[-1][:2] == ("plain-known", '["kk","ru"]')
    assert page.get_attribute("#plain-title", "data-version") == "4"
    assert len({change["change_id"] for change in sample.changes}) == len(sample.changes)


def test_autosave_keeps_words_through_a_dead_network_and_a_closed_page(sample, page, context):
    context.route("**/sample/save", lambda route: route.abort())
    page.goto("/sample?lang=kk")
    page.fill("#plain-title", "Батарея бітті")
    page.fill("#budget-0-item", "Жүн тарағыш")
    kept_on_device(page, 2)
    page.close()
    context.unroute("**/sample/save")

    later = context.new_page()
    later.goto("/sample?lang=kk")
    saved(later)

    assert later.input_value("#plain-title") == "Батарея бітті"
    assert later.input_value("#budget-0-item") == "Жүн тарағыш"
    values = {change["field"]: change["value"] for change in sample.changes}
    assert values["plain-title"] == "Батарея бітті"
    assert json.loads(values["budget"])[0]["item"] == "Жүн тарағыш"


def test_autosave_shows_both_texts_of_a_conflict_and_keeps_the_chosen_one(sample, page):
    sample.conflict = "Басқа терезедегі атау"
    page.goto("/sample?lang=kk")
    page.fill("#plain-title", "Менің атауым")
    page.locator("#plain-title").blur()

    shown = page.locator(".conflict")
    shown.wait_for()
    assert "Менің атауым" in shown.inner_text()
    assert "Басқа терезедегі атау" in shown.inner_text()
    shown.locator("button").nth(1).click()

    assert page.input_value("#plain-title") == "Басқа терезедегі атау"
    assert page.get_attribute("#plain-title", "data-version") == "9"
    kept_on_device(page, 0)


def test_budget_sums_as_it_is_typed_and_warns_over_the_cap(sample, page):
    page.goto("/sample?lang=kk")

    page.click("[data-rows-add]")
    page.fill("#budget-1-quantity", "3")
    page.fill("#budget-1-price", "20 000")
    page.fill("#budget-1-grant", "60 мың")

    assert page.inner_text("[data-budget-total=sum]") == "120\u00a0000\u00a0₸"
    assert page.inner_text("[data-budget-total=grant]") == "120\u00a0000\u00a0₸"
    assert page.is_visible(".totals-over")
    page.locator("[data-rows-remove]").first.click()
    assert page.locator("[data-row]").count() == 1
    assert page.get_attribute("[data-rows-remove]", "value") == "budget-0"


def test_score_is_chosen_by_digits(sample, page):
    page.goto("/sample?lang=kk")
    page.focus("input[name=points]")

    page.keyboard.press("1")
    page.keyboard.press("0")

    assert page.get_attribute("input[name=points]:checked", "value") == "10"
    assert page.inner_text(".score-total-value") == "20,00"


def test_an_act_that_asks_is_done_only_after_yes(sample, page):
    page.goto("/sample?lang=kk")
    page.click(".action button")
    page.click("[data-confirm-no]")
    assert sample.deleted == 0

    page.click(".action button")
    with page.expect_response("**/sample/delete"):
        page.click("[data-confirm-yes]")

    assert sample.deleted == 1


def test_dialog_opens_without_javascript(sample, browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/sample/components?lang=kk")

    page.click("a[href='#sample-dialog']")
    assert page.is_visible("#sample-dialog")
    page.click("#sample-dialog .dialog-close")

    assert not page.is_visible("#sample-dialog")
    context.close()


def test_theme_is_remembered_by_the_server(sample, page):
    page.goto("/sample?lang=kk")
    page.click("[data-theme-choice=dark]")

    page.reload()

    assert page.get_attribute("html", "data-theme") == "dark"
