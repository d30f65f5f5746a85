"""python -m xortui"""

import sys

from xortui.cli import main

if __name__ == "__main__":
    sys.exit(main())
