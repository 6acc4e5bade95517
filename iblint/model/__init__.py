"""The vocabulary: frozen values that every part of iblint speaks in. Standard library only."""
