"""What each role of a programme may do with awards, written out."""

from awards.module import module

MATRIX = {
    "award:read": "organiser secretary",
    "award:decide": "organiser",
    "award:publish": "organiser",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
