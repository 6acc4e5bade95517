import * as aws from "@pulumi/aws";
new aws.imagebuilder.InfrastructureConfiguration("web", {});
