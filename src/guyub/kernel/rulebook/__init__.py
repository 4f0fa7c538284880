"""Rules as dated data. The door is `guyub.kernel.rulebook.api`."""
