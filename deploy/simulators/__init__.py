"""Simulators of the authentic sources, in one process: what the gateway asks of them, answered from demo files.

They know people and enterprises that do not exist, ask for no password and are therefore open to this machine only.
"""
