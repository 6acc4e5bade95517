client.create_infrastructure_configuration(name: 'x')
