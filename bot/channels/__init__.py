"""The ways by which people reach us; adding one is a file here and a line in CHANNELS (table.py)."""
