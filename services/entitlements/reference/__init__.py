"""Reference data of the entitlements service, and how it is read."""
