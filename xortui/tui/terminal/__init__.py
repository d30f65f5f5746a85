"""The terminal's side: what stands between Textual and the terminal, and every way out.

All that touches private parts of Textual stands here, each with its reason; what it relies on is
held by tests/tui/terminal/test_textual.py, which names the version of Textual.
"""
