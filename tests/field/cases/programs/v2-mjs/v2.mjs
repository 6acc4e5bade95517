await new AWS.Imagebuilder().createInfrastructureConfiguration({}).promise();
