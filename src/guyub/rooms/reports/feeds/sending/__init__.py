"""Reports as JSON from any program that has a key and knows nothing of Open311."""
