"""Entitlements: sizes, arrangements, employments, and the ledger of every right and balance."""
