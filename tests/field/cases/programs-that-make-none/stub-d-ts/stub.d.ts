export declare class X { a: typeof CfnInfrastructureConfiguration; }
new imagebuilder.CfnInfrastructureConfiguration(x);
