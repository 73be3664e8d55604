"""Claims to represent an enterprise: asking for one, following it, and what pages say about them."""
