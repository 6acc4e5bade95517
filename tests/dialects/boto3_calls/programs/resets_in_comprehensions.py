import boto3

values = [1]
types = [f"m{n}.large" for n in (5, 6)]
values.append(2)
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", instanceProfileName="builder", instanceTypes=types, tags={"count": str(len(values))}
)
