"""Every route declares who may call it; every template is named after its view, compiles and has a title."""

import base64
import hashlib
import json
import re
from pathlib import Path

from app.routes import inventory

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PARTS = ("components", "layouts", "errors")
DOCUMENTS = ("email", "pdf", "panels", "parts")


def test_every_route_declares_its_policy(app):
    with app.app_context():
        undeclared = [row["rule"] for row in inventory() if row["policy"] is None]

    assert undeclared == []


def pages():
    return sorted(
        path
        for path in TEMPLATES.rglob("*.html")
        if path.relative_to(TEMPLATES).parts[0] not in PARTS
        and not any(p.startswith("_") for p in path.relative_to(TEMPLATES).parts)
        and not set(DOCUMENTS) & set(path.relative_to(TEMPLATES).parts)
    )


def test_every_page_is_named_after_a_view(app):
    """`templates/<package>/<audience>/<view>.html` is the page of a view `<view>` in a blueprint `<package>_<audience>`."""
    orphans = []
    for path in pages():
        package, audience, *_folders, _file = path.relative_to(TEMPLATES).parts
        own = re.compile(rf"{package}_{audience}(_\w+)?\.{path.stem}")
        if not any(own.fullmatch(endpoint) for endpoint in app.view_functions):
            orphans.append(str(path.relative_to(TEMPLATES)))

    assert len(pages()) > 80
    assert orphans == []


def test_all_templates_compile(app):
    for path in sorted(TEMPLATES.rglob("*.html")) + sorted(TEMPLATES.rglob("*.txt")):
        app.jinja_env.get_template(str(path.relative_to(TEMPLATES)))


def test_every_page_has_a_title(app):
    untitled = [
        str(path.relative_to(TEMPLATES))
        for path in pages()
        if not re.search(r"{%-?\s*block title", path.read_text()) and "{% extends" in path.read_text()
    ]

    assert untitled == []


def test_templates_hold_no_inline_code_and_no_unmarked_trust():
    """CSP forbids inline style, script and handlers; `safe` belongs to the components alone. Data for machines is no code."""
    data = r'\b(?:src=|type="application/ld\+json")'
    inline = re.compile(rf"\sstyle=|<script(?![^>]*{data})|\son[a-z]+=|\|\s*safe\b", re.IGNORECASE)
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group().strip()}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in inline.finditer(path.read_text())
    ]

    assert found == []


def test_vendored_files_are_those_of_the_manifest():
    """Nothing of others stands in the folder but what was summed when it came, byte for byte, and all of it is used."""
    static = ROOT / "app" / "static"
    manifest = json.loads((static / "vendor" / "manifest.json").read_text())
    sums = {name: base64.b64encode(hashlib.sha384((static / name).read_bytes()).digest()).decode() for name in manifest}
    there = {f"vendor/{one.name}" for one in (static / "vendor").iterdir()} - {"vendor/manifest.json"}
    pages = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))

    assert {name: f"sha384-{found}" for name, found in sums.items()} == {n: one["integrity"] for n, one in manifest.items()}
    assert {name for name in manifest if name.startswith("vendor/")} == there
    assert [name for name in there if name.endswith(".js") and name not in pages] == []
