"""People get a sentence and a way out, never a traceback; and `make help` hides nothing."""

import json
import re
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli.main import app
from deploy.checkout import ROOT
from deploy.failure import StartFailure
from deploy.local import services
from deploy.local.up import run_reporting_first


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["up", "--only", "kafca"], {}, "There is no part called 'kafca'"),
        (["up"], {"FLA_PORT_OFFSET": "many"}, "The setting FLA_PORT_OFFSET is not right"),
        (["up"], {"FLA_TOPIC_PARTITIONS": "0"}, "The setting FLA_TOPIC_PARTITIONS is not right"),
        (["up"], {"FLA_KAFKA_BOOTSTRAP": "kafka.example.org"}, "The setting FLA_KAFKA_BOOTSTRAP is not right"),
        (["up"], {"FLA_KAFKA_BOOTSTRAP": "kafka.example.org:kafka"}, "host:port, separated by commas"),
        (["up"], {"FLA_DATABASE_URL": "mysql://a:b@db.example.org/x"}, "The setting FLA_DATABASE_URL is not right"),
        (["up"], {"FLA_DATABASE_URL": "postgresql://a:b@db.example.org:x/y"}, "postgresql://USER:PASSWORD@HOST"),
        (["up"], {"FLA_OIDC_ISSUER": "sign-in.example.org"}, "The setting FLA_OIDC_ISSUER is not right"),
        (["prepare"], {"FLA_KAFKA_BOOTSTRAP": "", "FLA_DATABASE_URL": ""}, "FLA_KAFKA_BOOTSTRAP and FLA_DATABASE_URL"),
        (["status"], {"FLA_STATE_DIR": "/nonexistent/fla"}, "Nothing was ever started"),
        (["logs"], {"FLA_STATE_DIR": "/nonexistent/fla"}, "There is no such log"),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments: list[str], environment: dict[str, str], sentence: str) -> None:
    answer = CliRunner().invoke(app, arguments, env=environment)
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert "Traceback" not in answer.output
    assert "a:b@" not in answer.output, "a password is shown"


def test_reset_does_not_erase_a_folder_that_is_no_stacks(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    answer = CliRunner().invoke(app, ["reset"], env={"FLA_STATE_DIR": str(tmp_path), "FLA_YES": "1"})
    assert answer.exit_code == 1
    assert "does not look like" in answer.output
    assert (tmp_path / "thesis.odt").exists()


def test_reset_asks_and_no_is_respected(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("FLA_VAULT_KEY=x\n")
    answer = CliRunner().invoke(app, ["reset"], env={"FLA_STATE_DIR": str(tmp_path), "FLA_YES": ""}, input="n\n")
    assert "identity vault" in answer.output
    assert (tmp_path / "secrets.env").exists()


def test_every_command_has_an_answer_for_software() -> None:
    """Lost: a script that reads tables made for people."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name, command in commands.items() if "as_json" not in {one.name for one in command.params}] == []


def test_software_gets_one_object_and_the_telling_beside_it(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("FLA_VAULT_KEY=x\n")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "gateway.log").write_text("one\ntwo\nthree\n")
    for arguments, answered in (
        (["reset"], {"erased": False}),
        (["logs", "--lines", "2"], {"logs": [{"name": "gateway", "lines": ["two", "three"]}]}),
    ):
        environment = {"FLA_STATE_DIR": str(tmp_path), "FLA_YES": ""}
        answer = CliRunner().invoke(app, [*arguments, "--json"], env=environment, input="n\n")
        # The runner echoes what is typed.
        assert json.loads(answer.stdout.splitlines()[-1]) == answered
    answer = CliRunner().invoke(app, ["down", "--json"], env={"FLA_STATE_DIR": str(tmp_path / "none")})
    assert (json.loads(answer.stdout), "Nothing was running" in answer.stderr) == ({"processes": []}, True)


@pytest.mark.parametrize("left", ["postgres/PG_VERSION", "kafka/server.properties"])
def test_data_whose_secrets_are_gone_can_be_erased_as_the_start_advises(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "state"
    (folder / left).parent.mkdir(parents=True)
    (folder / left).write_text("18")
    answer = CliRunner().invoke(app, ["reset"], env={"FLA_STATE_DIR": str(folder), "FLA_YES": "1"})
    assert answer.exit_code == 0, answer.output
    assert not folder.exists()


def test_ctrl_c_says_what_goes_on_and_what_can_be_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("deploy.local.up.bring_up", interrupted)
    answer = CliRunner().invoke(app, ["up"], env={"FLA_STATE_DIR": str(tmp_path)})
    assert answer.exit_code == 130
    assert "make down" in answer.output


def test_what_the_system_refuses_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/disk/secrets.new")

    monkeypatch.setattr("deploy.local.up.bring_up", full)
    answer = CliRunner().invoke(app, ["up"], env={"FLA_STATE_DIR": str(tmp_path)})
    assert answer.exit_code == 1
    assert "No space left on device: /disk/secrets.new." in answer.output


def test_a_full_disk_does_not_keep_anybody_from_looking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    environment = {"FLA_STATE_DIR": str(tmp_path), "FLA_CACHE_DIR": str(tmp_path)}
    assert "Too little disk space" in CliRunner().invoke(app, ["up"], env=environment).output
    answer = CliRunner().invoke(app, ["status"], env=environment)
    assert answer.exit_code == 0, answer.output
    assert "STOPPED" in answer.output


def test_of_several_failures_the_first_is_told() -> None:
    async def two() -> None:
        raise ExceptionGroup("", [ExceptionGroup("", [StartFailure("This.", "Do that.")]), StartFailure("Other.", "")])

    with pytest.raises(StartFailure, match=r"This\."):
        run_reporting_first(two())


def test_an_incomplete_checkout_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(services, "ROOT", tmp_path)
    with pytest.raises(StartFailure, match=r"services/gateway/main\.py is missing"):
        services.check_complete()


def test_every_target_of_make_is_explained_in_make_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    explained = set(re.findall(r"^([a-z]+):.*## .+$", makefile, flags=re.MULTILINE))
    assert targets == explained
    assert {"up", "down", "status", "logs", "reset", "help", "test", "faults", "bench"} <= explained
