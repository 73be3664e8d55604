"""The right of a year: pro rata by month and part-time, granted by itself or replaced by the employer's override."""
