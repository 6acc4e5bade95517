"""``python -m iblint``."""

import sys

from iblint.cli import main

if __name__ == "__main__":
    sys.exit(main())
