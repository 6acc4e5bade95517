"""Everything that talks to AWS: the only package that imports boto3 and botocore, and itself imported only when needed.

``session`` opens guarded clients, ``facts`` reads what the live rules ask for, ``errors`` says what a failure means.
"""
