"""Pages for anyone: landing, and which arrangement applies."""
