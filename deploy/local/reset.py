"""`fla reset`: erase everything a stack keeps on this machine."""

import shutil

from deploy.checkout import ROOT
from deploy.failure import StartFailure
from deploy.local import supervisor_configuration
from deploy.local.down import take_down
from deploy.local.postgres_install import find_install
from deploy.local.settings import LocalSettings, StackPart
from deploy.progress import Reporter
from deploy.setup.secret_file import FILE_NAME

WARNING = (
    "This erases all data of the stack in {folder}: every registration in Kafka and PostgreSQL, uploaded files, logs "
    "and the secrets. Without the secrets (secrets.env) no copy of the identity vault can ever be read again."
)


def erase(settings: LocalSettings, report: Reporter) -> None:
    """Stop the stack and erase its state folder. Downloads and existing servers are not touched.

    Raises StartFailure for a folder that does not look like a stack's.
    """
    folder = settings.state_dir
    if not folder.exists():
        report.line("There is nothing to erase.")
        return
    # One file that a start makes is enough: data whose secrets are gone can only be erased.
    ours = any((folder / name).is_file() for name in (FILE_NAME, "postgres/PG_VERSION", "kafka/server.properties"))
    if folder == ROOT or folder in ROOT.parents or not ours:
        raise StartFailure(
            f"{folder} does not look like the folder of a stack (it has no {FILE_NAME}), so it is not erased.",
            "Correct FLA_STATE_DIR, or remove the folder yourself.",
        )
    take_down(settings, report)
    with report.step(f"Erased {folder}"):
        if StackPart.POSTGRES in settings.local_parts:
            shutil.rmtree(find_install(settings).data, ignore_errors=True)
        shutil.rmtree(supervisor_configuration.socket_path(settings.state_dir).parent, ignore_errors=True)
        shutil.rmtree(folder)
