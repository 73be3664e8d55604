"""People who turned out never to have worked at an enterprise: every employment of theirs there is cancelled.

Of their cancelled trainings the enterprise sees nothing any more; of its real employees it keeps seeing them.
"""

PEOPLE = """
select person from employment where enterprise = :number group by person having bool_and(cancelled)
"""

SEEN = f"(status <> 'cancelled' or person not in ({PEOPLE}))"
"""Which of an enterprise's trainings it sees, where `training` is the only table."""
