"""Claims to represent an enterprise: asking for one, following it, and what the visitor is told about them."""
