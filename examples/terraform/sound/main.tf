# A container build. The pipeline below says so, and the topic that it has no key.

variable "environment" {
  type    = string
  default = "prod"
}

variable "metadata" {
  type = object({
    tokens = optional(string, "required")
    hops   = optional(number, 2)
  })
  default = {}
}

locals {
  name = "web-${var.environment}"
}

resource "aws_imagebuilder_infrastructure_configuration" "web" {
  name                          = local.name
  instance_profile_name         = "image-builder"
  instance_types                = ["m7i.large", "m7a.large"]
  security_group_ids            = ["sg-0a1b2c3d4e5f60718"]
  subnet_id                     = "subnet-0a1b2c3d4e5f60718"
  terminate_instance_on_failure = true
  sns_topic_arn                 = aws_sns_topic.builds.arn

  instance_metadata_options {
    http_tokens                 = var.metadata.tokens
    http_put_response_hop_limit = var.metadata.hops
  }
}

resource "aws_sns_topic" "builds" {
  name = "${local.name}-builds"
}

resource "aws_imagebuilder_image_pipeline" "web" {
  name                             = local.name
  container_recipe_arn             = aws_imagebuilder_container_recipe.web.arn
  infrastructure_configuration_arn = aws_imagebuilder_infrastructure_configuration.web.arn
}

resource "aws_imagebuilder_container_recipe" "web" {
  name           = local.name
  version        = "1.0.0"
  container_type = "DOCKER"
  parent_image   = "arn:aws:imagebuilder:eu-west-1:aws:image/amazon-linux-x86-latest/x.x.x"

  component {
    component_arn = "arn:aws:imagebuilder:eu-west-1:aws:component/update-linux/x.x.x"
  }

  target_repository {
    repository_name = "web"
    service         = "ECR"
  }
}
