resource "aws_imagebuilder_infrastructure_configuration" "builds" {
  name                          = "web-images"
  instance_profile_name         = "image-builder"
  security_group_ids            = ["sg-0a1b2c3d4e5f60718"]
  subnet_id                     = "subnet-0a1b2c3d4e5f60718"
  terminate_instance_on_failure = "@@TERMINATE@@"
  sns_topic_arn                 = "%(topic)s"
  instance_metadata_options {
    http_tokens                 = "{{ tokens }}"
    http_put_response_hop_limit = "<% limit %>"
  }
}
