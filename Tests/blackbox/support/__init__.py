"""What the black-box tests are written with: the program under test, its peers, and the bytes between them."""
