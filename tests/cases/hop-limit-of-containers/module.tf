resource "aws_imagebuilder_infrastructure_configuration" "builds" {
  name                          = "web-images"
  description                   = "Builds of the web servers"
  instance_profile_name         = "image-builder"
  instance_types                = ["m7i.large", "m7a.large"]
  security_group_ids            = ["sg-0a1b2c3d4e5f60718"]
  subnet_id                     = "subnet-0a1b2c3d4e5f60718"
  terminate_instance_on_failure = true
  sns_topic_arn                 = "arn:aws:sns:eu-west-1:210987654321:builds"
  resource_tags                 = { "team" = "web" }
  tags                          = { "team" = "web" }
  logging {
    s3_logs {
      s3_bucket_name = "web-image-logs"
      s3_key_prefix  = "builds"
    }
  }
  instance_metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
