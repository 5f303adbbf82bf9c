"""Emulated WhatsApp and Telegram, a clock that can be moved, and a page to play every part."""
