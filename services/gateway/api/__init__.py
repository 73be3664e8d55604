"""The REST API under `/api/v1`, by the conventions of the Belgif REST guide."""
