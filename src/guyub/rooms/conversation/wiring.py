"""Nothing to plug in yet: conversation is called by the rooms above it."""
