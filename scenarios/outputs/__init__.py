"""What commands write: whole or not at all, never over a file that failback did not write, in folders of the owner."""
