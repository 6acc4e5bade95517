variable "group" {}

variable "hop_limit" {}

variable "terminate" {}

variable "tokens" {}

variable "topic" {}

resource "aws_imagebuilder_infrastructure_configuration" "builds" {
  name                          = "web-images"
  instance_profile_name         = "image-builder"
  security_group_ids            = [var.group]
  subnet_id                     = "subnet-0a1b2c3d4e5f60718"
  terminate_instance_on_failure = var.terminate
  sns_topic_arn                 = var.topic
  instance_metadata_options {
    http_tokens                 = var.tokens
    http_put_response_hop_limit = var.hop_limit
  }
}
