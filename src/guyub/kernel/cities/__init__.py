"""Which city is this: one schema a city; the commons schema they share. The door is `guyub.kernel.cities.api`."""
