template.hasResourceProperties("AWS::ImageBuilder::InfrastructureConfiguration", {});
