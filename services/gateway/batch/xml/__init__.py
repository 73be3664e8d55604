"""The XML of a batch file: refused before parsing, parsed in a process of its own, and what breaks the schema."""
