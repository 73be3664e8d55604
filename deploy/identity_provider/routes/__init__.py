"""The provider's addresses, one file each."""
