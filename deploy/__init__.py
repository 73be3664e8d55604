"""What starts, feeds and watches the product outside its own services."""
