client.createInfrastructureConfiguration(r -> r.name("x"));
