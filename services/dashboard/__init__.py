"""The dashboard: read models of what the other services decided, for employers, employees and operators.

It listens and answers, and tells nothing to anyone: all it holds can be rebuilt from the topics.
"""
