"""``python -m iblint``, which runs no code of the working folder.

Python puts the working folder before all others, so a ``yaml.py`` in a tree that is checked would be imported. It is
taken out before anything else is imported. With ``-P`` or ``-I`` it is not there.
"""

import sys

if not sys.flags.safe_path and sys.path:
    del sys.path[0]

from iblint.cli import run

if __name__ == "__main__":
    run()
