"""What a training takes from the credit."""
