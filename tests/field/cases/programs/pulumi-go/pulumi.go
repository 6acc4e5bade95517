import "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/imagebuilder"
_, err := imagebuilder.NewInfrastructureConfiguration(ctx, "web", nil)
