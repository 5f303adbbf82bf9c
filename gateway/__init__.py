"""The door and the one hand: what comes in from outside, and what goes out."""
