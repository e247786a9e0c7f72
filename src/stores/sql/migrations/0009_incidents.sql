-- A burst of similar texts is one incident.
CREATE TABLE incidents (
    id TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX incidents_by_opening ON incidents (opened_at, id);
CREATE INDEX incidents_by_change ON incidents (updated_at, id);

-- The groups in whose texts an incident goes on; a later run may dissolve them.
CREATE TABLE incident_groups (
    incident_id TEXT NOT NULL REFERENCES incidents (id),
    group_id TEXT NOT NULL,
    PRIMARY KEY (incident_id, group_id)
);

-- A feedback belongs to one incident at most.
CREATE TABLE incident_feedback (
    feedback_id TEXT NOT NULL PRIMARY KEY REFERENCES feedback (id) ON DELETE CASCADE,
    incident_id TEXT NOT NULL REFERENCES incidents (id)
);
CREATE INDEX incident_feedback_by_incident ON incident_feedback (incident_id, feedback_id);

-- What was given lately nearest to a group.
CREATE INDEX feedback_by_nearest ON feedback (theme_nearest, collected_at, sentiment) WHERE theme_nearest IS NOT NULL;
