"""What each role of a programme may do with programmes, written out."""

from app.programmes.module import module

MATRIX = {
    "programme:read": "organiser secretary checker consultant lawyer press institution funder",
    "programme:members": "organiser",
    "programme:audit": "organiser",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
