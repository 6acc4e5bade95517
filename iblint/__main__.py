"""``python -m iblint``, which runs no code of the working folder.

Python puts the working folder before all others, so a ``yaml.py`` in a tree that is checked would be imported. It is
taken out before anything else is imported. What Python itself imports before (``importlib`` and, up to 3.12, what that
imports) and a package named ``iblint`` cannot be helped here: with ``-P`` or ``-I`` the folder is not there at all.
"""

import sys

if not sys.flags.safe_path and sys.path:
    del sys.path[0]

from iblint.cli import run

if __name__ == "__main__":
    run()
