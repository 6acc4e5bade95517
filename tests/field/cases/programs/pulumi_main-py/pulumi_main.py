import pulumi_aws as aws
aws.imagebuilder.InfrastructureConfiguration("web", instance_profile_name="p")
