"""Addresses of the pages about trainings."""

from services.gateway.web.kit import addresses


def trainings(enterprise: str) -> str:
    """Give the address of the list of trainings."""
    return f"{addresses.enterprise(enterprise)}/trainings"


def new_training(enterprise: str) -> str:
    """Give the address of the form that registers a training for one or several."""
    return f"{trainings(enterprise)}/new"


def training(enterprise: str, identifier: str) -> str:
    """Give the address of one training."""
    return f"{trainings(enterprise)}/{identifier}"


def registered_together(enterprise: str, submission: str) -> str:
    """Give the address of what one form registered for several people."""
    return f"{trainings(enterprise)}/registered/{submission}"


def take_back_together(enterprise: str, submission: str) -> str:
    """Give the address of the form that takes all of that back."""
    return f"{registered_together(enterprise, submission)}/take-back"


def correct_together(enterprise: str, submission: str) -> str:
    """Give the address of the form that corrects all of that."""
    return f"{registered_together(enterprise, submission)}/correct"


def correct_training(enterprise: str, identifier: str) -> str:
    """Give the address of the form that corrects a training."""
    return f"{training(enterprise, identifier)}/correct"


def cancel_training(enterprise: str, identifier: str) -> str:
    """Give the address of the form that cancels a training."""
    return f"{training(enterprise, identifier)}/cancel"
