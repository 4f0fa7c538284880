"""Who may do what: roles in plain words, gates for routes, and a socket that `people` fills. Door: `.api`."""
