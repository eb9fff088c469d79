"""Changes that agree, in one country on one platform, are one incident: one record of one event."""
