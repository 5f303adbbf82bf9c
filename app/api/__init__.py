"""The gateway API: what other systems ask and say over JSON. FastAPI is loaded where a desk has a service key."""
