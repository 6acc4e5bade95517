resource "aws_imagebuilder_infrastructure_configuration" "builds" {
  name                          = "web-$STAGE"
  instance_profile_name         = "$PROFILE"
  security_group_ids            = ["$GROUP"]
  subnet_id                     = "$SUBNET"
  terminate_instance_on_failure = "$TERMINATE"
  sns_topic_arn                 = "arn:aws:sns:eu-west-1:210987654321:$TOPIC"
  instance_metadata_options {
    http_tokens                 = "$TOKENS"
    http_put_response_hop_limit = "$LIMIT"
  }
}
