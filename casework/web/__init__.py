"""What every page needs: guard, forms, errors, headers, words; knows no feature."""
