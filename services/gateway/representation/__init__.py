"""Who represents an enterprise: claims, their proof or the operator's decision, and what is undone when one was wrong.

`claim_decision` is pure; `claims` and `employer_announcements` are statements; `claim_service` brings them together;
`claims_worker` finishes what a process that died left half done.
"""
