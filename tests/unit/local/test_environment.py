"""`make up` must notice a changed lock file, and must lose no time when nothing changed."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import environment


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A checkout with its own lock files, in which environments are made only on paper; the list of those made."""
    for name in environment.LOCKS.values():
        (tmp_path / name).write_text("first")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(environment, "_uv", lambda: ["uv"])
    monkeypatch.setattr(environment, "_add_project", lambda: None)
    commands: list[str] = []
    monkeypatch.setattr(environment, "_run", lambda command, sentence: commands.append(Path(command[-1]).name))
    return commands


def test_an_environment_that_is_right_is_left_alone(made: list[str]) -> None:
    assert environment.main("runtime") == environment.main("runtime") == 0
    assert made == ["requirements.lock"]


def test_a_changed_lock_is_noticed(made: list[str]) -> None:
    environment.main("runtime")
    (environment.ROOT / "requirements.lock").write_text("second")
    environment.main("runtime")
    assert made == ["requirements.lock", "requirements.lock"]


def test_the_environment_for_tests_serves_make_up_too_and_stays_one(made: list[str]) -> None:
    environment.main("development")
    environment.main("runtime")
    (environment.ROOT / "requirements.lock").write_text("second")
    environment.main("runtime")
    assert made == ["requirements-dev.lock", "requirements-dev.lock"]


def test_a_moved_checkout_is_noticed(made: list[str]) -> None:
    environment.main("runtime")
    stamp = json.loads(environment.STAMP.read_text())
    environment.STAMP.write_text(json.dumps({kind: f"{text}/elsewhere" for kind, text in stamp.items()}))
    environment.main("runtime")
    assert len(made) == 2


def test_a_broken_attempt_is_not_taken_for_a_good_one(
    made: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(command: list[str], sentence: str) -> None:
        raise environment.NotPossible(f"{sentence}; the reason is above.")

    with monkeypatch.context() as broken:
        broken.setattr(environment, "_run", fail)
        assert environment.main("runtime") == 1
    assert "could not be installed" in capsys.readouterr().err
    assert environment.main("runtime") == 0
    assert made == ["requirements.lock"]


def test_ctrl_c_is_no_traceback(
    made: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(command: list[str], sentence: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_run", interrupted)
    assert environment.main("runtime") == 130
    assert "Run the same command again" in capsys.readouterr().err


def test_the_second_of_two_at_once_finds_everything_done(made: list[str]) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(environment.main, ["runtime", "runtime"])) == [0, 0]
    assert made == ["requirements.lock"]


@pytest.mark.parametrize(("wish", "newest"), [("lock", False), ("upgrade", True)])
def test_the_lock_files_are_written_with_a_uv_that_is_fetched_for_it(
    made: list[str], monkeypatch: pytest.MonkeyPatch, wish: str, newest: bool
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "_uv", lambda: ["/fetched/uv"])
    monkeypatch.setattr(environment, "_run", lambda command, sentence: commands.append(command))
    assert environment.main(wish) == 0
    assert [command[-1] for command in commands] == ["requirements.lock", "requirements-dev.lock"]
    for command in commands:
        assert command[0] == "/fetched/uv"
        assert {"--generate-hashes", "--universal", "--no-emit-index-url"} <= set(command)
        assert ("--upgrade" in command) == newest
