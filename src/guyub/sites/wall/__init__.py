"""The command centre's wall: its addresses."""
