"""Shell scripts, read by tree-sitter. Nothing is executed."""
