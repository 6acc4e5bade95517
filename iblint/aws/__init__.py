"""Calls to AWS. This package alone imports boto3 and botocore, and it is imported only if AWS is called.

``session`` opens clients, each guarded by ``allowlist``. ``live_facts`` answers the questions of the live rules,
``client`` makes the calls of ``apply``, ``errors`` classifies failures by the table in ``error_codes``.
"""
