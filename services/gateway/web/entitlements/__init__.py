"""Entitlements that an employer sets itself: registering one for several employees, cancelling one."""
