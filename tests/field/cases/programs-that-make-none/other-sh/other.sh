# aws imagebuilder create-infrastructure-configuration
aws imagebuilder get-infrastructure-configuration --infrastructure-configuration-arn "$1"
. ./create-infrastructure-configuration.sh
