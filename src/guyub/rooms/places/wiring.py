"""Nothing to plug in: places stand on the ground."""
