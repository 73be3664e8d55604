"""Which arrangement applies to a joint committee, a size and a date."""
