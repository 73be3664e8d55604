"""Trainings: the list, one training, and the forms that register, correct and cancel one."""
