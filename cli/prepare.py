"""`fla prepare`: give existing servers what the services need, on any machine and in containers."""

import json

import typer

from cli.output import AsJson, one_sentence, reporter
from deploy.setup.prepare import prepare as prepare_servers
from deploy.setup.settings import SetupSettings
from deploy.setup.state_folder import check_state_folder, exclusive


def register(app: typer.Typer) -> None:
    """Add this module's command to the index."""
    app.command("prepare")(prepare)


def prepare(as_json: AsJson = False) -> None:
    """Give existing servers their databases, topics and newest schemas, and start nothing."""
    report = reporter(as_json)
    with one_sentence(report.console):
        settings = SetupSettings()
        check_state_folder(settings.state_dir)
        with exclusive(settings.state_dir, report.line):
            prepare_servers(settings, report)
        if as_json:
            print(json.dumps({"prepared": True}))
