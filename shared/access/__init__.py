"""Who is asking, on whose behalf: the scope that the gateway signs and every service applies."""
