"""What the product needs before its services start, on any servers: topics, databases and their newest schemas."""
