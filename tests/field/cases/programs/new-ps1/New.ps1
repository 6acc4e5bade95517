New-EC2IBInfrastructureConfiguration -Name web -InstanceProfileName p
