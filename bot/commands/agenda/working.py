"""Planning in the worker process, watched."""
