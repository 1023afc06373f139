// Who to engage next, marked on the map.
