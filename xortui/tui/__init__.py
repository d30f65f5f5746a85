"""The app: Textual only. Computes no mathematics, asks core for it."""
