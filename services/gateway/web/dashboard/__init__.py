"""The employer's dashboard, and the stream of changes by which it learns of them."""
