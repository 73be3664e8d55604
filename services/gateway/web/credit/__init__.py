"""Credit as pages show it: the figures of a year, and a sentence for every ledger line."""
