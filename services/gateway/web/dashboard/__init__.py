"""The employer's dashboard, and the stream that tells it of changes."""
