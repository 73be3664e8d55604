"""Reading the XML: refused before parsing, one pass in a process of its own, and what breaks the schema."""
