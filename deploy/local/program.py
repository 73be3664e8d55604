"""The description of a process that the supervisor keeps running."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A process of the stack: its command, its ports and how it is stopped.

    `ports` are the TCP ports it listens on, the one that others use first. `health_path` is set for those
    that answer `/health` by HTTP. `user` is the system user it runs as, None for the one who started the stack.
    """

    name: str
    command: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    health_path: str | None = None
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    title: str = ""
