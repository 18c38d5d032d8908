"""What each role of a programme may do with reports, written out."""

from reports.module import module

MATRIX = {
    "report:read": "organiser funder",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
