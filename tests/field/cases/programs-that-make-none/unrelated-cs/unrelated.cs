services.Add(new InfrastructureConfiguration("db"));
