import { ImagebuilderInfrastructureConfiguration } from "@cdktf/provider-aws";
new ImagebuilderInfrastructureConfiguration(this, "I", {});
