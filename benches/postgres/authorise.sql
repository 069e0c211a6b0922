-- The peer of `bongsu bench gate`: a withdrawal authorised by a function in PostgreSQL, durable when it returns.
--
-- It does the same kind of work with less of it, in the peer's favour: an idempotent id, a deny-list, two rolling windows of a day kept exactly (by customer
-- and by destination; ours keeps six, and wallet, asset, chain and exchange would make every transaction wait for one row), twenty comparisons, one insert.

CREATE UNLOGGED TABLE denied (destination bigint PRIMARY KEY);
CREATE TABLE withdrawal (
    id          bigint PRIMARY KEY,
    at          timestamptz NOT NULL,
    customer    int NOT NULL,
    destination bigint NOT NULL,
    wallet      int NOT NULL,
    asset       int NOT NULL,
    amount      numeric(39, 0) NOT NULL,
    won         numeric(39, 0) NOT NULL,
    verdict     smallint NOT NULL,
    rule        smallint NOT NULL
);
CREATE INDEX by_customer ON withdrawal (customer, at) INCLUDE (won) WHERE verdict = 0;
CREATE INDEX by_destination ON withdrawal (destination, at) INCLUDE (won) WHERE verdict = 0;

INSERT INTO denied SELECT -n FROM generate_series(1, 10000) n;
-- A million customers with one withdrawal of the last day each.
INSERT INTO withdrawal
SELECT -n, now() - random() * interval '1 day', n, n, n % 8, n % 24, 1000000, 50000, 0, 1 FROM generate_series(1, 1000000) n;
ANALYZE;

CREATE FUNCTION authorise(_id bigint, _customer int, _destination bigint, _wallet int, _asset int, _amount numeric, _won numeric)
RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    _verdict smallint;
    _rule    smallint;
    _by_customer    numeric;
    _by_destination numeric;
    _new boolean;
BEGIN
    SELECT verdict INTO _verdict FROM withdrawal WHERE id = _id;
    IF FOUND THEN
        RETURN _verdict;
    END IF;
    SELECT coalesce(sum(won), 0) + _won INTO _by_customer FROM withdrawal
     WHERE customer = _customer AND at > now() - interval '1 day' AND verdict = 0;
    SELECT coalesce(sum(won), 0) + _won, count(*) = 0 INTO _by_destination, _new FROM withdrawal
     WHERE destination = _destination AND at > now() - interval '1 day' AND verdict = 0;
    _rule := CASE
        WHEN EXISTS (SELECT FROM denied WHERE destination = _destination) THEN 1
        WHEN _won > 10000000000 THEN 2
        WHEN _by_customer > 3000000000 THEN 3
        WHEN _by_destination > 5000000000 THEN 4
        WHEN _new AND _won > 100000000 THEN 5
        WHEN _won > 1000000000 THEN 6
        WHEN _asset = 3 AND _won > 900000000 THEN 7
        WHEN _asset = 5 AND _won > 800000000 THEN 8
        WHEN _asset = 7 AND _won > 700000000 THEN 9
        WHEN _asset = 9 AND _won > 600000000 THEN 10
        WHEN _asset = 11 AND _won > 500000000 THEN 11
        WHEN _asset = 13 AND _won > 400000000 THEN 12
        WHEN _wallet = 1 AND _won > 900000000 THEN 13
        WHEN _wallet = 2 AND _won > 900000000 THEN 14
        WHEN _wallet = 3 AND _won > 900000000 THEN 15
        WHEN _wallet = 4 AND _won > 900000000 THEN 16
        WHEN _wallet = 5 AND _won > 900000000 THEN 17
        WHEN _wallet = 6 AND _won > 900000000 THEN 18
        WHEN _amount <= 0 THEN 19
        ELSE 20 END;
    _verdict := CASE WHEN _rule <= 4 OR _rule = 19 THEN 2 WHEN _rule < 20 THEN 1 ELSE 0 END;
    INSERT INTO withdrawal VALUES (_id, now(), _customer, _destination, _wallet, _asset, _amount, _won, _verdict, _rule)
    ON CONFLICT (id) DO NOTHING;
    RETURN _verdict;
END $$;

-- A batch: as many decisions as are named, in one transaction; the requests are made up inside, which spares the peer its client.
CREATE SEQUENCE request;
CREATE FUNCTION authorise_many(_many int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    _allowed int := 0;
    _customer int;
BEGIN
    FOR _ IN 1.._many LOOP
        _customer := 1 + floor(random() * 1000000)::int;
        IF authorise(nextval('request'), _customer, _customer, _customer % 8, _customer % 24, 1000000, 50000 + _customer % 1000) = 0 THEN
            _allowed := _allowed + 1;
        END IF;
    END LOOP;
    RETURN _allowed;
END $$;
