"""What may happen to a training: pure decisions on values. No I/O, no framework, no clock."""
