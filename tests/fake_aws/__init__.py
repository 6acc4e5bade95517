"""A fake of the AWS services that iblint talks to, over real HTTP on loopback.

Image Builder is made here, driven by botocore's own service model; SNS, KMS, IAM, EC2, S3 and STS are moto's. All stand
behind one endpoint. Start it by hand with ``python -m tests.fake_aws``. It was never checked against AWS itself.
"""
