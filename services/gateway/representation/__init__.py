"""Who represents an enterprise: claims, their proof or the operator's decision, and what is undone when one was wrong.

`deciding` is pure; `claims` and `announcements` are statements; `desk` brings them together; `work` goes on with what a
process that died left half done.
"""
