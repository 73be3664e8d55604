"""Telling open pages that something changed. A room of the dashboard alone: no other service is watched live."""
