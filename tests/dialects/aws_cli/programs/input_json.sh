#!/usr/bin/env bash
set -e
aws imagebuilder create-infrastructure-configuration --cli-input-json file://request.json --description "of the command"
