"""Registration: owns every training with all its versions, and decides on what is declared about them."""
