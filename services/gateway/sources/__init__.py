"""The authentic sources: a port for each, and the adapter that asks it. What a source says is evidence, with a date."""
