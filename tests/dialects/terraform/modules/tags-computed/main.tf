locals {
  own  = { Team = "web" }
  more = { for i, n in ["a", "b"] : "N${i}" => n }
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                  = "web"
  instance_profile_name = "builds"
  tags                  = merge(local.own, local.more, { Name = aws_sns_topic.t.name, Arn = aws_sns_topic.t.arn })
}
resource "aws_sns_topic" "t" {
  name = "t"
}
