"""The inventory of routes: what `baiqau routes` prints and the architecture tests read."""

from typing import Any

from flask import current_app

from app.access.routes import policy_of

AUDIENCES = {
    "my": "applicant", "jury": "juror", "manage": "organiser", "reports": "funder", "admin": "administrator",
    "account": "person", "api": "program", "common-grants": "program", "confirm": "institution",
}  # fmt: skip


def inventory() -> list[dict[str, Any]]:
    """One row a rule: methods, rule, endpoint, policy (None if undeclared), audience."""
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda one: one.rule):
        view = current_app.view_functions[rule.endpoint]
        policy = "public" if rule.endpoint == "static" else policy_of(view)
        first = rule.rule.split("/")[1]
        rows.append(
            {
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "policy": str(policy) if policy is not None else None,
                "audience": AUDIENCES.get(first, "everybody"),
            }
        )
    return rows
