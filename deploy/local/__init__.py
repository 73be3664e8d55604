"""The local stack: real Kafka and PostgreSQL without Docker, the services, and what keeps them running."""
