resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = "web"
  description                   = "Builds the web image"
  instance_profile_name         = "builds"
  instance_types                = ["t3.micro", "t3.small"]
  security_group_ids            = ["sg-0123456789abcdef0"]
  subnet_id                     = "subnet-0123456789abcdef0"
  key_pair                      = "key"
  sns_topic_arn                 = "arn:aws:sns:eu-west-1:123456789012:builds"
  terminate_instance_on_failure = true
  instance_metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  logging {
    s3_logs {
      s3_bucket_name = "logs-of-builds"
      s3_key_prefix  = "web"
    }
  }
  placement {
    availability_zone = "eu-west-1a"
    tenancy           = "dedicated"
  }
  resource_tags = { Team = "web" }
  tags          = { Env = "prod", Cost = 1 }
}
