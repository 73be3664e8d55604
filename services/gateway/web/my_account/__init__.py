"""The employee's own account: right, balance and trainings, and a word on each employer."""
