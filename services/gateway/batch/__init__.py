"""The batch channel: XML files of declarations, received, checked, registered and answered."""
