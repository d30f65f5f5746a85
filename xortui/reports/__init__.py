"""What the commands print of larger results: one module for each."""
