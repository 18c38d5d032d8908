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
        ({"vault_key": f" {STRONG['secret_key']}"}, ["BAIQAU_SECRET_KEY", "BAIQAU_VAULT_KEY"]),
        ({"audit_key": f"{' ' * 30}0123456789"}, ["BAIQAU_AUDIT_KEY"]),
    ],
)
def test_production_refuses_a_weak_secret_by_name(tmp_path, given, named):
    with pytest.raises(MisconfiguredError, match="at least 32 random bytes") as refused:
        Settings(env="production", data=tmp_path, **{**STRONG, **given})

    assert [f"BAIQAU_{name.upper()}" for name in STRONG if f"BAIQAU_{name.upper()}" in str(refused.value)] == named


def test_a_setting_that_cannot_be_read_is_named_and_its_value_is_not_told(tmp_path, monkeypatch):
    monkeypatch.setenv("BAIQAU_ENV", "prod")
    monkeypatch.setenv("BAIQAU_PROXIES", "0123456789abcdef")

    with pytest.raises(MisconfiguredError) as refused:
        Settings(data=tmp_path)

    assert str(refused.value).splitlines() == [
        "Set BAIQAU_ENV anew: Input should be 'development' or 'production'.",
        "Set BAIQAU_PROXIES anew: Input should be a valid integer, unable to parse string as an integer.",
    ]


@pytest.mark.parametrize("key", [STRONG["secret_key"], "әіңғүұқөһабвгдежз"])
def test_production_takes_strong_secrets_counted_in_bytes(tmp_path, key):
    made = Settings(env="production", data=tmp_path, **{**STRONG, "secret_key": key})

    assert made.is_production
