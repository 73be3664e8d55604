"""Enterprises: choosing for which one to act, the overview of all, registering one, its size and joint committees."""
