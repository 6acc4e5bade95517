"""JSON (RFC 8259) with the place of every key and value: a fast reader and a strict one."""
