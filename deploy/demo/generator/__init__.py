"""The generator of the demo data, `python -m deploy.demo.generator`: the same source always gives the same files."""
