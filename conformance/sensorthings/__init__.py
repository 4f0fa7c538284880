"""Does a server speak OGC SensorThings 1.1? Start it with `python -m conformance.sensorthings URL`."""
