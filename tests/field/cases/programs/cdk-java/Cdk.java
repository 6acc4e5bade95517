import software.amazon.awscdk.services.imagebuilder.*;
class A { Object a = CfnInfrastructureConfiguration.Builder.create(this, "I").name("web").build(); }
