"""Intake: one validation and one way in for web, API and batch."""
