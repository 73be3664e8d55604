"""The rules of training rights: pure functions of facts and a date. No I/O, no framework, never a float.

Start at `ledger.target`: from the facts about one employment to every line its ledger should have.
`docs/calculation.md` says the same in words.
"""
