package main
import ib "github.com/aws/aws-cdk-go/awscdk/v2/awsimagebuilder"
var x = ib.NewCfnInfrastructureConfiguration(stack, nil, nil)
