data "aws_region" "here" {}
data "aws_partition" "here" {}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web-${data.aws_region.here.name}"
  instance_profile_name = "builds-${data.aws_partition.here.partition}"
  sns_topic_arn         = "arn:${data.aws_partition.here.partition}:sns:${data.aws_region.here.name}:123456789012:builds"
}
