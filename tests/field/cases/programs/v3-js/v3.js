await client.send(new CreateInfrastructureConfigurationCommand({ name: "x" }));
