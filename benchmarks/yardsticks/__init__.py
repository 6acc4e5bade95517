"""Scripts that do the minimal work for a comparison with standard libraries. They are run, never imported."""
