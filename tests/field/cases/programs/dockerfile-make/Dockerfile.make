FROM amazon/aws-cli
RUN aws imagebuilder create-infrastructure-configuration --name web
