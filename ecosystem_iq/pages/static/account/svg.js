// The map as an SVG.
