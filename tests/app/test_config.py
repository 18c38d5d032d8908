"""Which settings production refuses."""

import pytest

from app.config import MisconfiguredError, Settings

STRONG = {
    "secret_key": "0123456789abcdefghijklmnopqrstuv", "vault_key": "1123456789abcdefghijklmnopqrstuv",
    "audit_key": "2123456789abcdefghijklmnopqrstuv",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"secret_key": ""}, ["BAIQAU_SECRET_KEY"]),
        ({"vault_key": "0123456789abcdefghijklmnopqrstu"}, ["BAIQAU_VAULT_KEY"]),
        ({"audit_key": "a" * 40}, ["BAIQAU_AUDIT_KEY"]),
        ({"audit_key": "012345678" * 4}, ["BAIQAU_AUDIT_KEY"]),
        ({"vault_key": STRONG["secret_key"]}, ["BAIQAU_SECRET_KEY", "BAIQAU_VAULT_KEY"]),
    ],
)
def test_production_refuses_a_weak_secret_by_name(tmp_path, given, named):
    with pytest.raises(MisconfiguredError, match="at least 32 random bytes") as refused:
        Settings(env="production", data=tmp_path, **{**STRONG, **given})

    assert [f"BAIQAU_{name.upper()}" for name in STRONG if f"BAIQAU_{name.upper()}" in str(refused.value)] == named


@pytest.mark.parametrize("key", [STRONG["secret_key"], "әіңғүұқөһабвгдежз"])
def test_production_takes_strong_secrets_counted_in_bytes(tmp_path, key):
    made = Settings(env="production", data=tmp_path, **{**STRONG, "secret_key": key})

    assert made.is_production
