"""Arrangements: which one applies, in words, for anyone."""
