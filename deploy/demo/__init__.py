"""The demo data: fictional enterprises, people, employments and trainings to try the product with."""
