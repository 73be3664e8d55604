"""Setting up servers, the local stack, and stand-ins for the outside: everything around the services."""
