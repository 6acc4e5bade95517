import * as imagebuilder from "@aws-cdk/aws-imagebuilder-alpha";
new imagebuilder.InfrastructureConfiguration(stack, "I");
