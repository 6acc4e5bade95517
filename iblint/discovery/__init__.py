"""Discovery: paths of the command line to files, and files to bytes."""
