"""What an operator should know of this installation and its cities. The door is `guyub.kernel.checks.api`."""
