#!/usr/bin/env bash
set -e
cd "$(mktemp -d)"
cat <<-'EOF' > request2.json
	{
	  "name": "web", "description": "$HOME",
	  "instanceProfileName": "builder"
	}
	EOF
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request2.json
