"""A small OpenID Connect provider for demonstrations: anyone may sign in as any of the fictional people.

It stands in for the federal provider (CSAM) and runs on loopback only. It proves who someone is and nothing else:
roles and rights live in the gateway.
"""
