"""Types of route parameters that more than one service has."""

from typing import Annotated

from fastapi import Path

EnterpriseNumber = Annotated[str, Path(pattern=r"^[01][0-9]{9}$", description="Enterprise number, digits only.")]
"""The enterprise that an address is about. The public API takes punctuation too: `services/gateway/api`."""
