"""Receiving a file: streamed to disk, unpacked, hashed, bounded."""
