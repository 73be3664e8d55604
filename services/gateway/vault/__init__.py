"""The identity vault: where a person's id meets a national number and a name, and nowhere else."""
