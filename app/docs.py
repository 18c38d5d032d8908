"""The generated pages of docs/: what roles may do and what can follow what, written from the loaded modules."""

from pathlib import Path

from flask import current_app

from app.config import ROOT
from app.core.states import Machine
from app.programmes.states import Role

HEAD = "<!-- Written by `baiqau docs` from the code. Do not edit. -->\n"


def write_pages(*, is_dry: bool = False) -> list[Path]:
    """Write the pages that differ from what the code says; the paths of those. With `is_dry` nothing is written."""
    pages = {ROOT / "docs" / "permissions.md": permissions(), ROOT / "docs" / "states.md": states()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text() != text]
    if not is_dry:
        for path in stale:
            path.parent.mkdir(exist_ok=True)
            path.write_text(pages[path])
    return stale


def permissions() -> str:
    """The merged matrix: one row a permission, one column a role of a programme."""
    roles = [role.value for role in Role]
    lines = [
        "# Permissions", "", HEAD,
        "What each role of a programme grants. Owners and jurors hold their rights by what they are to an object, and any",
        "obstacle (a conflict of interest, an own application, a closed term) wins over any grant: see each `policy.py`.", "",
        f"| permission | {' | '.join(roles)} |", f"|---|{'---|' * len(roles)}",
    ]  # fmt: skip
    for module in current_app.extensions["baiqau"].modules:
        for permission, held in sorted(module.grants.items()):
            cells = " | ".join("yes" if role in held else "" for role in roles)
            lines.append(f"| `{permission}` | {cells} |")
    return "\n".join(lines) + "\n"


def states() -> str:
    """Every state machine as a Mermaid diagram."""
    parts = [f"# States\n\n{HEAD}\nOnly these moves exist, each an act of a person with an entry in the audit.\n"]
    parts.extend(_diagram(machine) for machine in current_app.extensions["baiqau"].machines)
    return "\n".join(parts)


def _diagram(machine: Machine) -> str:
    arrows = [f"    {arrow.source} --> {arrow.target}: {arrow.verb}" for arrow in machine.arrows]
    return "\n".join(
        [f"## {machine.noun}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}", *arrows, "```", ""]
    )
