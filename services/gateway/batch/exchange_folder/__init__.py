"""The exchange folder: files taken, answers laid down, under fixed names."""
