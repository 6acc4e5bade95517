new imagebuilder.CfnInfrastructureConfiguration(this, "x", {});
