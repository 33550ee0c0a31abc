"""What a publication looks like in each of its shapes. Pure functions of the snapshot: the same snapshot, the same bytes."""
