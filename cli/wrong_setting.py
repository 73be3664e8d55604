"""A setting that is not right, told as the person who set it knows it."""

from pydantic import ValidationError


def wrong_setting(errors: ValidationError) -> tuple[str, str]:
    """The environment variable of the first wrong setting, and what is wrong with it."""
    first = errors.errors()[0]
    return "FLA_" + "_".join(str(part) for part in first["loc"]).upper(), first["msg"].removeprefix("Value error, ")
