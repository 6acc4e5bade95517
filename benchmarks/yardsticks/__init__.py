"""Scripts that do the least that a comparison asks for, with stock libraries; run on their own, never imported."""
