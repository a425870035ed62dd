"""A language is a folder here: what we say, what they say, and the proof that it is read. No Python per language."""
