"""What each role of a programme may do with rounds, written out."""

from scoring.module import module

MATRIX = {
    "round:read": "organiser secretary",
    "round:manage": "organiser",
    "round:ranking": "organiser secretary",
    "round:sheets": "organiser secretary",
    "round:freeze": "organiser secretary",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
