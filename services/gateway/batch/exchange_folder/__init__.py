"""The exchange folder (SFTP): files are taken from a sender's `in`, answers are put into its `out`."""
