"""What each role of a programme may do with letters, written out."""

from app.messages.module import module

MATRIX = {
    "message:read": "organiser secretary",
    "message:send": "organiser secretary",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
