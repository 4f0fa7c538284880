"""Photos: checked, re-encoded, kept on disk, shown only to whom they may be. The door is `guyub.kernel.files.api`."""
