"""What each role of a programme may do with events, written out."""

from seminars.module import module

MATRIX = {
    "event:read": "organiser secretary checker consultant lawyer press",
    "event:create": "organiser",
    "event:cancel": "organiser",
    "event:edit": "organiser",
    "event:guests": "organiser secretary consultant",
    "event:attendance": "organiser secretary consultant",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
