aws cloudcontrol create-resource --type-name AWS::ImageBuilder::InfrastructureConfiguration --desired-state "{}"
