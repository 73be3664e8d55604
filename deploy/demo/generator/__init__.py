"""Writes the demo data. The same source always gives the same files: `python -m deploy.demo.generator`."""
