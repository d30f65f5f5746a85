"""The network, its recipe and its training: NumPy only, never Textual, never prints."""
