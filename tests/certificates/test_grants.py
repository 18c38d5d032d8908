"""What each role of a programme may do with certificates, written out."""

from app.certificates.module import module

MATRIX = {
    "certificate:read": "organiser secretary",
    "certificate:list": "organiser secretary",
    "certificate:revoke": "organiser",
}


def test_roles_hold_these_permissions_and_no_others():
    assert {permission: set(roles) for permission, roles in module.grants.items()} == {
        permission: set(roles.split()) for permission, roles in MATRIX.items()
    }
