"""Who may come in, and what they may do: sign-in, tokens of software, access rights and mandates."""
