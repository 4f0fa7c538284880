"""What programs read and send: the rooms' machine-readable forms, put together at their addresses."""
