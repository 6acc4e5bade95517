const names = ["create-infrastructure-configuration", "get-infrastructure-configuration"];
