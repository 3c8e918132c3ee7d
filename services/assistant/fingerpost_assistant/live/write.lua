-- Appends events to a turn's stream; with a record, ends the turn and writes its journal too.
--
-- KEYS  1 stream of the turn   2 its journal
-- ARGV  1 number of the first event, from 1; 0: after the last one
--       2 milliseconds that an unfinished stream is kept
--       3 id of the turn
--       4 record of the ending; empty: the turn goes on
--       5… events
--
-- Events are numbered by their writer and their stream ids are "<number>-0": repeating a call
-- whose answer was lost adds nothing twice, and whatever a failover lost is seen as a gap.
--
-- Returns the number of the last event in the stream. If that is less than the number of the
-- last event given, there is a gap and nothing was written. Returns -1 if the turn has ended.
local stream, journal = KEYS[1], KEYS[2]
local first, keep, turn, record = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local EVENTS = 5

local count = 0
local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
if last then
  if last[2][1] == 'end' then return -1 end
  count = tonumber(string.match(last[1], '^%d+'))
end
if first == 0 then first = count + 1 end
if first > count + 1 then return count end

local known = count + 1 - first
for i = EVENTS + known, #ARGV do
  count = count + 1
  local field = 'event'
  if record ~= '' and i == #ARGV then field = 'end' end
  redis.call('XADD', stream, count .. '-0', field, ARGV[i])
end
if record == '' then
  redis.call('PEXPIRE', stream, keep)
else
  -- Kept until the recorder has written it to SQL.
  redis.call('PERSIST', stream)
  redis.call('XADD', journal, '*', 'turn', turn, 'record', record)
end
return count
