"""The employees of an enterprise: the list, one employment, and the forms that add, change and cancel one."""
