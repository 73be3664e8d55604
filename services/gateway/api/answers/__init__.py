"""What the API answers, one file per resource. They describe: answers leave as plain objects, checked by the tests.

A field that may be absent is `NotRequired`: there are no nulls. A client must bear fields that are not here yet.
"""
