"""Work on a stored file: the lease, checking, registering its declarations, simulating."""
