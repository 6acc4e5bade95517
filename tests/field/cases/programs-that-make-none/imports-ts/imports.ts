import { CfnInfrastructureConfiguration, CfnInfrastructureConfigurationProps } from "aws-cdk-lib/aws-imagebuilder";
export function f(x: CfnInfrastructureConfiguration): void {}
