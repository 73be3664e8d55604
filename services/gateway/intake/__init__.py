"""Intake: checks the declarations of web, API and files alike, and makes events of them."""
