"""The entitlements service's tables and every statement on them."""
