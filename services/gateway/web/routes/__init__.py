"""The pages' routes, one file per part of the site."""
