"""A Keycloak in the place of the demo identity provider: realm, and how to run one for tests."""
