using Amazon.CDK.AWS.ImageBuilder;
var x = new CfnInfrastructureConfiguration(this, "I", new CfnInfrastructureConfigurationProps { });
