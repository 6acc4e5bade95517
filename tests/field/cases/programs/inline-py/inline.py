T = """
Resources:
  X:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
"""
