const i = new ib.CfnInfrastructureConfiguration(this, "I", {
  name: "web",
});
