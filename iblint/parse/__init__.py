"""Text to plain data, with the place of every key and value beside it. Knows files of no kind, and no AWS."""
