"""The OGC SensorThings API 1.1, served below /sta/v1.1/: asked in words (`grammar`, `asking`), answered from tables."""
