-- One text for SQLite and PostgreSQL. What 0001 says about ids, times and hashes holds here, too.

-- Where customers give a new card or pay (decision C8): the two mails about a payment lead there, by the portal.
ALTER TABLE portal ADD COLUMN payment_update_url text;

-- When an address was last answered by itself: once in ten minutes at most (S11). The address stands here as a hash.
CREATE TABLE automatic_answer (
    recipient_hash  text    NOT NULL PRIMARY KEY,
    answered_at     bigint  NOT NULL
);
CREATE INDEX automatic_answer_by_time ON automatic_answer (answered_at);
