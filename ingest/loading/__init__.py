"""What has to be done (a plan), done: each file read in a process of its own, cut into chunks, put."""
