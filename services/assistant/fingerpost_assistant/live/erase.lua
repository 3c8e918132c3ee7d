-- Deletes a turn's stream and leaves an empty end, so that whoever still answers the turn
-- cannot write its text again, and whoever still reads it learns that it is gone.
--
-- KEYS  1 stream of the turn
-- ARGV  1 milliseconds that the end is kept
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[1], '*', 'end', '')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
