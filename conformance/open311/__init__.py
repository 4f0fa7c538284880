"""Open311 GeoReport v2, from outside: `python -m conformance.open311 URL`."""
