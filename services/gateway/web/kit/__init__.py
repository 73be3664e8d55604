"""What every page stands on. It knows no topic."""
