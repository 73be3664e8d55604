"""The fixed names of the product's services and their databases."""

SERVICES = ("gateway", "registration", "entitlements", "dashboard")
DATABASES = tuple(f"fla_{service}" for service in SERVICES)
