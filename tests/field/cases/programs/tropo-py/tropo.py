from troposphere.imagebuilder import InfrastructureConfiguration
t.add_resource(InfrastructureConfiguration("I", Name="web"))
