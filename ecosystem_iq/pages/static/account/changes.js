// Before and after: what differs from an earlier snapshot.
