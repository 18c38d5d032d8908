"""What each role of a programme may do with competitions and applications, written out."""

from competitions.module import module

MATRIX = {
    "competition:read": "organiser secretary checker consultant lawyer press funder",
    "competition:create": "organiser",
    "competition:edit": "organiser",
    "competition:approve": "organiser",
    "competition:announce": "organiser",
    "competition:cancel": "organiser",
    "application:list": "organiser secretary checker",
    "application:read": "organiser secretary checker",
    "application:inspect": "organiser secretary checker",
    "application:check": "organiser checker",
    "application:reply": "organiser secretary checker",
    "application:contact": "organiser secretary checker",
    "application:identity": "checker",
    "application:name": "organiser",
    "application:export": "organiser checker",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
