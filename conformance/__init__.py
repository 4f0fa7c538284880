"""Programs that hold a server against an open standard, ours or any other."""
