"""The stack: its processes, and the start of each part."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local import checks, kafka, owner_watch, postgres, servers, services
from deploy.local.postgres_install import PostgresInstall, find_install
from deploy.local.program import Program
from deploy.local.settings import LocalSettings, StackPart
from deploy.local.supervisor import Supervisor, end_left_behind
from deploy.progress import Reporter
from deploy.setup.databases import owner_urls
from deploy.setup.secret_file import database_passwords, secrets_of
from deploy.setup.server_health import require_kafka, require_postgres


@dataclass(frozen=True)
class Stack:
    """A stack as its settings describe it; making one starts nothing.

    `postgres_install` is None when an existing PostgreSQL is used.
    """

    settings: LocalSettings
    secrets: Mapping[str, str]
    postgres_install: PostgresInstall | None
    supervisor: Supervisor

    @classmethod
    def of(cls, settings: LocalSettings) -> "Stack":
        """Make the stack, with its state folder and secrets if they are not there yet. Raises StartFailure."""
        install = find_install(settings) if StackPart.POSTGRES in settings.local_parts else None
        if install is not None:
            checks.check_secrets(settings, install.data)
        return cls(settings, secrets_of(settings.state_dir), install, Supervisor(settings.state_dir))

    @property
    def administrator_url(self) -> str:
        """Build the administrator's URL of the PostgreSQL in use."""
        return servers.administrator_url(self.settings, self.secrets)

    @property
    def database_urls(self) -> dict[str, str]:
        """Build the URL of each service's own database (dict[service, URL])."""
        return owner_urls(self.administrator_url, database_passwords(self.secrets))

    def programs(self) -> tuple[Program, ...]:
        """List every process that this stack runs itself."""
        parts = (part for part in StackPart if part in self.settings.local_parts)
        own = () if self.settings.owner_pid is None else (owner_watch.program(self.settings, self.settings.owner_pid),)
        return (*own, *(program for part in parts for program in self.programs_of(part)))

    def programs_of(self, part: StackPart) -> tuple[Program, ...]:
        """List the processes of one part."""
        match part:
            case StackPart.KAFKA:
                return (kafka.program(self.settings),)
            case StackPart.POSTGRES:
                install = self.postgres_install
                return () if install is None else (postgres.program(self.settings, install),)
            case StackPart.IDENTITY_PROVIDER:
                return (services.identity_provider_program(self.settings),)
            case StackPart.SIMULATORS:
                return (services.simulators_program(self.settings),)
            case StackPart.SERVICES:
                return services.service_programs(self.settings, self.secrets, self.administrator_url)

    async def be_ready(self, parts: frozenset[StackPart]) -> None:
        """Check that the asked parts can be started, and start the supervisor. Raises StartFailure."""
        if StackPart.SERVICES in parts:
            services.check_complete()
        if not self.supervisor.is_running():
            await asyncio.to_thread(end_left_behind, self.settings.state_dir)
        asked = tuple(program for part in parts & self.settings.local_parts for program in self.programs_of(part))
        if not asked:
            return
        await asyncio.to_thread(checks.check_ports, self.settings, asked, self.supervisor)
        await asyncio.to_thread(self.supervisor.bring_up, self.settings.logs, self.programs())
        if self.settings.owner_pid is not None:
            self.supervisor.start(owner_watch.NAME)

    async def start_kafka(self, report: Reporter) -> None:
        """Start the local Kafka, or check the existing one; it answers afterwards. Raises StartFailure."""
        if StackPart.KAFKA in self.settings.local_parts:
            await servers.start_kafka(self.settings, self.supervisor, report)
        else:
            await require_kafka(self.settings.bootstrap, report)

    async def start_postgres(self, report: Reporter) -> None:
        """Start the local PostgreSQL, or check the existing one; it answers afterwards. Raises StartFailure."""
        if self.postgres_install is not None:
            await servers.start_postgres(self.settings, self.postgres_install, self.secrets, self.supervisor, report)
        else:
            await require_postgres(self.administrator_url, report)

    async def start_identity_provider(self, report: Reporter) -> None:
        """Start the demo identity provider, or check the existing one; it answers afterwards. Raises StartFailure."""
        if StackPart.IDENTITY_PROVIDER in self.settings.local_parts:
            [program] = self.programs_of(StackPart.IDENTITY_PROVIDER)
            await services.start(program, self.supervisor, self.settings, report)
        else:
            await servers.require_issuer(self.settings.issuer, report)

    async def start_simulators(self, report: Reporter) -> None:
        """Start the simulators, unless an existing source is used; they answer afterwards. Raises StartFailure."""
        if StackPart.SIMULATORS in self.settings.local_parts:
            [program] = self.programs_of(StackPart.SIMULATORS)
            await services.start(program, self.supervisor, self.settings, report)

    async def start_services(self, report: Reporter) -> None:
        """Start the four services; all answer afterwards. Raises StartFailure."""
        async with asyncio.TaskGroup() as group:
            for program in self.programs_of(StackPart.SERVICES):
                group.create_task(services.start(program, self.supervisor, self.settings, report))
