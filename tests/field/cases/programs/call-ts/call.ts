import { AwsCustomResource } from "aws-cdk-lib/custom-resources";
const c = { service: "Imagebuilder",
  action: "createInfrastructureConfiguration" };
