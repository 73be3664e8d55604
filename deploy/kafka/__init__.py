"""What the local Kafka is made of: the pinned jars and its logging."""
