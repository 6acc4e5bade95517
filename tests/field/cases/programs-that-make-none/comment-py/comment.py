# client.create_infrastructure_configuration()
x = 1  # c.create_infrastructure_configuration()
