"""Machine-readable forms of what the queries give; the sites put them at their addresses."""
