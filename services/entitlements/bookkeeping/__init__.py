"""Bookkeeping: from what is known to the lines and figures of a ledger, and what the others are told of it.

The room between the pure rules (`domain`) and whoever needs them applied: handlers, recalculations, the calendar and
questions. `settle` calculates whole ledgers, `charge` is the short way for trainings alone.
"""
