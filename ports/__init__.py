"""Sockets: Protocols only. What is plugged into them is decided in `app.wire`."""
