"""The registration service's tables and every statement it runs on them."""
