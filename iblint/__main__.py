"""``python -m iblint``."""

from iblint.cli import run

if __name__ == "__main__":
    run()
