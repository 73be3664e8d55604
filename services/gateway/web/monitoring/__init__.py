"""The operator's pages: how the services are doing, parked keys, claims to decide, access opened again."""
