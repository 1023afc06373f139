// The strongest path along influence from one stakeholder to another.
