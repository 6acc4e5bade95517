import boto3

ENV = "dev"
NUMBER = 7
boto3.client("imagebuilder").create_infrastructure_configuration(
    name=f"web-{ENV}-{NUMBER}",
    description="%s of %d, 100%%" % (ENV, NUMBER),
    instanceProfileName="{}{suffix}".format("buil", suffix="der"),
    keyPair="-".join(["key", ENV]),
    subnetId="subnet-" + "0123456789abcdef0",
    securityGroupIds=["sg-0123456789abcdef0"],
    tags={"number": f"{NUMBER}", "flag": f"{True}", "padded": f"{NUMBER:03}", "shown": f"{ENV!r}"},
)
