TYPES = ["AWS::ImageBuilder::InfrastructureConfiguration"]
CFN_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
if r["Type"] == "AWS::ImageBuilder::InfrastructureConfiguration": pass
