"""Facts: what a rule may ask about an AWS account, and who answers."""
