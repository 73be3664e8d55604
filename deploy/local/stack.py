"""The whole stack: which processes it has, and how they are started in order."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local import checks, guard, kafka, postgres, servers
from deploy.local.processes import Supervisor
from deploy.local.program import Program
from deploy.local.progress import Reporter
from deploy.local.secret_file import secrets_of
from deploy.local.settings import LocalSettings, Part


@dataclass(frozen=True)
class Stack:
    """One stack as its settings describe it; nothing is started by making one."""

    settings: LocalSettings
    secrets: Mapping[str, str]
    place: postgres.Place
    supervisor: Supervisor

    @classmethod
    def of(cls, settings: LocalSettings) -> "Stack":
        """Makes the state folder and the secrets if they are not there yet. Raises StartFailure."""
        checks.check_folders(settings)
        secrets = secrets_of(settings.state_dir)
        return cls(settings, secrets, postgres.place(settings), Supervisor(settings.state_dir))

    def programs(self) -> tuple[Program, ...]:
        """Every process that this stack runs itself."""
        parts = (part for part in Part if part in self.settings.local_parts)
        own = () if self.settings.owner_pid is None else (guard.program(self.settings, self.settings.owner_pid),)
        return (*own, *(program for part in parts for program in self._programs(part)))

    def _programs(self, part: Part) -> tuple[Program, ...]:
        match part:
            case Part.KAFKA:
                return (kafka.program(self.settings),)
            case Part.POSTGRES:
                return (postgres.program(self.settings, self.place),)
            case Part.IDENTITY_PROVIDER | Part.SERVICES:
                return ()

    async def start_servers(self, parts: frozenset[Part], report: Reporter) -> None:
        """Starts the asked local servers side by side; returns when they answer. Raises StartFailure."""
        local = parts & self.settings.local_parts
        asked = tuple(program for part in local for program in self._programs(part))
        await asyncio.to_thread(checks.check_ports, self.settings, asked, self.supervisor)
        await asyncio.to_thread(self.supervisor.bring_up, self.settings.logs, self.programs())
        if self.settings.owner_pid is not None:
            self.supervisor.start(guard.NAME)
        async with asyncio.TaskGroup() as group:
            if Part.KAFKA in local:
                group.create_task(servers.start_kafka(self.settings, self.supervisor, report))
            if Part.POSTGRES in local:
                group.create_task(
                    servers.start_postgres(self.settings, self.place, self.secrets, self.supervisor, report)
                )
