"""Words: what the customer hears, what the staff read, and what a model is told. Data and pure rendering."""
