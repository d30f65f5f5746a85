"""What has to do with the terminal itself: how its keys get to the widgets."""
