"""What a prediction is written as."""
