"""If these fail, someone reads English where the own language was promised."""

import re
from pathlib import Path

import pytest

import deploy.identity_provider
from deploy.identity_provider.introductions import GROUPS, PURPOSES, ROLES
from deploy.identity_provider.texts import Texts

TEMPLATES = Path(deploy.identity_provider.__file__).parent / "templates"
MESSAGES = {
    *(
        message
        for _, message in re.findall(r"""t\((["'])(.+?)\1\)""", "".join(p.read_text() for p in TEMPLATES.iterdir()))
    ),
    *(message for table in (GROUPS, ROLES, PURPOSES) for message in table.values()),
}


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_every_text_is_translated(language: str, message: str) -> None:
    """All four languages, from the first page on."""
    assert Texts(language)(message) != message


def test_every_role_of_the_sign_in_page_has_a_purpose() -> None:
    """A role that is offered is explained."""
    assert ROLES.keys() == PURPOSES.keys()
