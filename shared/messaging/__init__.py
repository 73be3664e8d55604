"""Messages in and out, exactly once in effect: the only code that knows Kafka. Start reading at `consumer`."""
