-- Of its own, as reading every row must not hold the lock that adding the constraint needed.
ALTER TABLE {{schema}}.person_key VALIDATE CONSTRAINT person_key_generation;
