"""What screens are told while it happens. The door is `guyub.kernel.live.api`."""
