cat <<EOF
name: web
instanceProfileName: p
	terminateInstanceOnFailure: true
EOF
aws imagebuilder create-infrastructure-configuration --cli-input-yaml file://x
