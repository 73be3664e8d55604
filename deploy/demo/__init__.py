"""A fictional country in small: enterprises, people, employments and trainings to try the product with."""
