"""`practiq demo`: embedded servers, a sample agency, and the story told on them."""
