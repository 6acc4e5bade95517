var r = await client.CreateInfrastructureConfigurationAsync(new CreateInfrastructureConfigurationRequest
{
});
