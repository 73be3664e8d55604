"""Working on files: leases, checking, registering declarations, simulating."""
