"""If the file were read back differently, a service would get a wrong password or none at all and never come up."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions

from deploy.local import supervisor_configuration
from deploy.local.program import Program

AWKWARD = "a,b=c%d e'f#g\\h$i€"


def read_back(folder: Path, *programs: Program) -> dict[str, Any]:
    """The programs as supervisor itself understands the file."""
    supervisor_configuration.write_configuration(folder, folder / "logs", programs)
    options = ServerOptions()
    options.realize(["-c", str(supervisor_configuration.folder(folder) / "supervisord.conf")])
    return {group.name: group.process_configs[0] for group in options.process_group_configs}


def program(folder: Path, **other: Any) -> Program:
    return Program(name="one", command=("/bin/echo",), directory=folder, **other)


def test_environment_and_command_come_back_as_they_were(tmp_path: Path) -> None:
    command = ("/bin/echo", "with space", 'quo"ted', "50%", "back\\slash")
    one = Program(
        name="one", command=command, directory=tmp_path, environment={"FLA_AWKWARD": AWKWARD, "FLA_EMPTY": ""}
    )
    read = read_back(tmp_path, one)["one"]
    assert read.environment == {
        "FLA_AWKWARD": AWKWARD,
        "FLA_EMPTY": "",
        supervisor_configuration.STACK_MARK: str(tmp_path),
    }

    assert tuple(shlex.split(read.command)) == command


def test_every_process_restarts_by_itself_and_none_starts_out_of_order(tmp_path: Path) -> None:
    read = read_back(tmp_path, program(tmp_path))["one"]
    assert read.autorestart
    assert not read.autostart
    assert read.killasgroup
    assert read.stdout_logfile_maxbytes > 0


def test_nobody_else_can_read_the_secrets_in_the_file(tmp_path: Path) -> None:
    read_back(tmp_path, program(tmp_path))
    assert (supervisor_configuration.folder(tmp_path) / "supervisord.conf").stat().st_mode & 0o077 == 0
    assert supervisor_configuration.folder(tmp_path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("value", ['with "quotes"', "two\nlines"])
def test_a_value_that_would_be_read_back_differently_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match="FLA_BAD"):
        read_back(tmp_path, program(tmp_path, environment={"FLA_BAD": value}))


def test_a_deep_state_folder_gets_a_control_socket_short_enough_for_the_system(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    assert len(str(supervisor_configuration.socket_path(deep))) < 104
    assert supervisor_configuration.socket_path(deep) != supervisor_configuration.socket_path(deep / "other")
    assert supervisor_configuration.socket_path(Path("/short")) == Path("/short/supervisor/control.sock")
