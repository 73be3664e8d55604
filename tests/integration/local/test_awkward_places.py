"""A folder with a space or an é in its name is an ordinary folder: data must lie in it and be found again."""

import subprocess
from pathlib import Path

from deploy.checkout import ROOT
from tests.conftest import free_offset, local_settings
from tests.support.running_stack import FLA, RunningStack


def test_kafka_keeps_its_data_in_a_folder_with_an_accent_whatever_the_locale(tmp_path: Path) -> None:
    state = tmp_path / "données de l’été" / "state"
    running = RunningStack(local_settings(state, free_offset()))
    answer = subprocess.run(
        [str(FLA), "up", "--only", "kafka"],
        env=running.environment() | {"LC_ALL": "C"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    running.fla("down")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert (state / "kafka" / "data" / "meta.properties").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["données de l’été"]
