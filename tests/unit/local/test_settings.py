"""Two stacks on one machine must never touch each other's ports or files, and a named server must be used."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from deploy.checkout import ROOT
from deploy.local.services import common_environment
from deploy.local.settings import LocalSettings, Ports, StackPart, passed_on


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in passed_on():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(LocalSettings.model_config, "env_file", None)


def test_the_offset_moves_every_port() -> None:
    names = [name for name, value in vars(Ports).items() if isinstance(value, property)]
    assert len(names) == 9
    assert {getattr(Ports(100), name) - getattr(Ports(), name) for name in names} == {100}
    assert len({getattr(Ports(), name) for name in names}) == 9


def test_a_relative_state_folder_is_meant_from_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert LocalSettings().state_dir == ROOT / ".local"


@pytest.mark.parametrize(
    ("setting", "value", "part"),
    [
        ("FLA_KAFKA_BOOTSTRAP", "one.example.org:9092, [::1]:9092", StackPart.KAFKA),
        ("FLA_DATABASE_URL", "postgresql://a:b@db.example.org/postgres", StackPart.POSTGRES),
        ("FLA_DATABASE_URL", "postgresql://postgres@/db?host=/run/postgresql", StackPart.POSTGRES),
        ("FLA_OIDC_ISSUER", "https://sign-in.example.org/realms/fla", StackPart.IDENTITY_PROVIDER),
        ("FLA_REPRESENTATION_URL", "https://representation.example.org", StackPart.SIMULATORS),
    ],
)
def test_an_existing_server_takes_the_place_of_the_local_one(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, part: StackPart
) -> None:
    assert part in LocalSettings().local_parts
    monkeypatch.setenv(setting, value)
    assert part not in LocalSettings().local_parts


def test_a_user_without_a_home_folder_is_told_which_setting_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", homeless)
    with pytest.raises(ValidationError, match="no home folder"):
        LocalSettings()


def test_an_empty_line_in_the_settings_names_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLA_KAFKA_BOOTSTRAP", "")
    assert LocalSettings().bootstrap == "127.0.0.1:9092"


def test_no_service_gets_the_administrators_password_or_a_key_it_does_not_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLA_DATABASE_URL", "postgresql://administrator:secret@db.example.org/postgres")
    monkeypatch.setenv("FLA_VAULT_KEY", "secret")
    monkeypatch.setenv("FLA_REPRESENTATION_KEY", "secret")
    monkeypatch.setenv("FLA_SESSION_HOURS", "2")
    given = common_environment(LocalSettings())
    assert not any("secret" in value for value in given.values())
    assert given["FLA_SESSION_HOURS"] == "2"


def test_the_example_of_settings_names_every_setting_a_person_may_want() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for field in LocalSettings.model_fields.keys() - {"owner_pid", "yes"}:
        assert f"FLA_{field.upper()}=" in example
