// new imagebuilder.CfnInfrastructureConfiguration(this)
/**
 * new imagebuilder.CfnInfrastructureConfiguration(this)
 */
foo(); // new imagebuilder.CfnInfrastructureConfiguration(this)
bar(); /* new imagebuilder.CfnInfrastructureConfiguration(this) */
