{"Action": "imagebuilder:CreateInfrastructureConfiguration", "eventName": "CreateInfrastructureConfiguration"}
