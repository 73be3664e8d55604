"""What the end of a year, of five years and of a contract do with what is left."""
