resource "aws_imagebuilder_infrastructure_configuration" "builds" {
  name                          = "web-#{Stage}"
  instance_profile_name         = "$(Profile)"
  security_group_ids            = ["((group))"]
  subnet_id                     = "%SUBNET%"
  terminate_instance_on_failure = "((terminate))"
  sns_topic_arn                 = "arn:aws:sns:$(Region):((account)):builds"
  instance_metadata_options {
    http_tokens                 = "$(Tokens)"
    http_put_response_hop_limit = "#{Limit}"
  }
}
