"""What is end to end needs what only POSIX has."""

import sys

if sys.platform == "win32":
    collect_ignore_glob = ["test_app.py"]
