"""Help: instructions and questions asked often."""
