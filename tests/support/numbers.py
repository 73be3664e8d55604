"""National numbers of people who do not exist, right to their check digits."""


def ssin(rank: int) -> str:
    """The number of somebody born on 1 January 1980 or on one of the days after it."""
    day, counter = divmod(rank, 400)
    nine = f"8001{1 + day:02d}{1 + counter:03d}"
    return f"{nine}{97 - int(nine) % 97:02d}"
