"""Bookkeeping: from what is known to the lines and figures of a ledger, and what is published of it.

The room between the pure rules (`domain`) and whoever needs them applied: handlers, recalculations, the calendar and
questions. `recalculate_ledgers` calculates whole ledgers, `charge_trainings` is the short way for trainings alone.
"""
