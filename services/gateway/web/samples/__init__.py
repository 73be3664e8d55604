"""Realistic content for every page, for the preview and the browser tests. Nobody in it exists."""
