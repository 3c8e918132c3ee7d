-- Places at one model: who has one, who waits, and who is next. Every call is one step for all.
--
-- KEYS  1 state of the model, a hash; the other keys are its name and a suffix, in its slot:
--           :leases    sorted set: ticket by when its lease ends (ms)
--           :running   sorted set: ticket by when it got its place (ms)
--           :processes sorted set: process by when it counts as gone (ms)
--           :tickets   hash: what a ticket asks for
--           :tenants:<class>         sorted set: tenants that wait, by virtual time
--           :queue:<class>:<tenant>  sorted set: tickets that wait, by number
--           :granted:<process>       list: tickets that got a place while they waited
-- ARGV  1 "ask", "beat", "leave" or "restore"
--       2 process                      3 milliseconds that a lease lasts
--       4 requests at a time           5 tokens at a time
--       6 places to wait               7 longest wait (ms)
--       8 9 10 weights of the classes 0 1 2
--       11… what the call is about; see the end
--
-- Order of service: start-time fair queueing (Goyal, Vin, Cheng 1997) at two levels, classes and
-- the tenants of a class. The cost is a ticket's tokens. Time is the server's.
local STATE, call = KEYS[1], ARGV[1]
local PROCESS, LEASE = ARGV[2], tonumber(ARGV[3])
local REQUESTS, TOKENS = tonumber(ARGV[4]), tonumber(ARGV[5])
local PLACES, LONGEST = tonumber(ARGV[6]), tonumber(ARGV[7])
local WEIGHTS = {[0] = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])}
local FIRST = 11
local LEASES, RUNNING = STATE .. ':leases', STATE .. ':running'
local PROCESSES, TICKETS = STATE .. ':processes', STATE .. ':tickets'
local LEARNS = 0.05  -- weight of the newest service time in their moving average

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function number(field) return tonumber(redis.call('HGET', STATE, field) or 0) end
local function tenants(class) return STATE .. ':tenants:' .. class end
local function queue(class, tenant) return STATE .. ':queue:' .. class .. ':' .. tenant end

local function ticket_of(id)
  local packed = redis.call('HGET', TICKETS, id)
  if not packed then return nil end
  local class, tokens, weight, process, tenant =
    string.match(packed, '^(%d) (%d+) (%S+) (%S+) (.*)$')
  return {class = tonumber(class), tokens = tonumber(tokens), weight = tonumber(weight),
          process = process, tenant = tenant}
end

local function remember(id, t)
  redis.call('HSET', TICKETS, id,
    string.format('%d %d %s %s %s', t.class, t.tokens, t.weight, t.process, t.tenant))
  redis.call('ZADD', LEASES, now + LEASE, id)
end

local function run(id, t)
  redis.call('ZADD', RUNNING, now, id)
  redis.call('HINCRBY', STATE, 'tokens', t.tokens)
end

local function enqueue(id, t)
  local class, line, all = t.class, queue(t.class, t.tenant), tenants(t.class)
  if redis.call('EXISTS', line) == 0 then
    if redis.call('EXISTS', all) == 0 then
      redis.call('HSET', STATE, 'pass:' .. class, math.max(number('pass:' .. class), number('now')))
    end
    local pass = math.max(number('pass:' .. class .. ':' .. t.tenant), number('now:' .. class))
    redis.call('ZADD', all, pass, t.tenant)
    redis.call('HSET', STATE, 'weight:' .. class .. ':' .. t.tenant, t.weight)
    redis.call('HSET', STATE, 'active:' .. class, number('active:' .. class) + t.weight)
  end
  redis.call('ZADD', line, redis.call('HINCRBY', STATE, 'number', 1), id)
  redis.call('HINCRBY', STATE, 'waiting:' .. class, 1)
end

local function dequeue(id, t)
  local class, line, all = t.class, queue(t.class, t.tenant), tenants(t.class)
  if redis.call('ZREM', line, id) == 0 then return end
  redis.call('HINCRBY', STATE, 'waiting:' .. class, -1)
  if redis.call('EXISTS', line) == 1 then return end
  local field = class .. ':' .. t.tenant
  redis.call('HSET', STATE, 'pass:' .. field, redis.call('ZSCORE', all, t.tenant))
  redis.call('ZREM', all, t.tenant)
  local left = number('active:' .. class) - number('weight:' .. field)
  if redis.call('EXISTS', all) == 0 then left = 0 end
  redis.call('HSET', STATE, 'active:' .. class, left)
end

local function leave(id, measured)
  local t = ticket_of(id)
  if not t then return end
  local since = redis.call('ZSCORE', RUNNING, id)
  if since then
    redis.call('ZREM', RUNNING, id)
    redis.call('HINCRBY', STATE, 'tokens', -t.tokens)
    if measured then
      local took, known = now - since, number('service')
      if known > 0 then took = known + LEARNS * (took - known) end
      redis.call('HSET', STATE, 'service', took)
    end
  else
    dequeue(id, t)
  end
  redis.call('HDEL', TICKETS, id)
  redis.call('ZREM', LEASES, id)
end

-- The class that is served next, and its virtual time.
local function next_class()
  local class, pass
  for c = 0, 2 do
    if redis.call('EXISTS', tenants(c)) == 1 then
      local its = number('pass:' .. c)
      if not class or its < pass then class, pass = c, its end
    end
  end
  return class, pass
end

-- Gives free places to those who are next. The next one is never passed over for a smaller one
-- that would fit: it would wait for ever.
local function admit(asking)
  local running, tokens = redis.call('ZCARD', RUNNING), number('tokens')
  while running < REQUESTS do
    local class, class_pass = next_class()
    if not class then return end
    local first = redis.call('ZRANGE', tenants(class), 0, 0, 'WITHSCORES')
    local tenant, pass = first[1], tonumber(first[2])
    local id = redis.call('ZRANGE', queue(class, tenant), 0, 0)[1]
    local t = ticket_of(id)
    if tokens + t.tokens > TOKENS then return end
    redis.call('HSET', STATE, 'now', class_pass, 'now:' .. class, pass,
      'pass:' .. class, class_pass + t.tokens / WEIGHTS[class])
    local weight = number('weight:' .. class .. ':' .. tenant)
    redis.call('ZADD', tenants(class), pass + t.tokens / weight, tenant)
    dequeue(id, t)
    run(id, t)
    running, tokens = running + 1, tokens + t.tokens
    if id ~= asking then
      local list = STATE .. ':granted:' .. t.process
      redis.call('RPUSH', list, id)
      redis.call('PEXPIRE', list, LEASE)
    end
  end
end

local function has_room(t)
  return redis.call('ZCARD', RUNNING) < REQUESTS and number('tokens') + t.tokens <= TOKENS
end

-- What `enqueue` and `admit` come to where nobody waits, in a third of the calls.
local function pass_through(id, t)
  local its_class, its_tenant = 'pass:' .. t.class, 'pass:' .. t.class .. ':' .. t.tenant
  local known = redis.call('HMGET', STATE, its_class, 'now', its_tenant, 'now:' .. t.class)
  local class_pass = math.max(tonumber(known[1] or 0), tonumber(known[2] or 0))
  local pass = math.max(tonumber(known[3] or 0), tonumber(known[4] or 0))
  redis.call('HSET', STATE, 'now', class_pass, 'now:' .. t.class, pass,
    its_class, class_pass + t.tokens / WEIGHTS[t.class], its_tenant, pass + t.tokens / t.weight)
  run(id, t)
end

-- Place in the order of service of the ticket that has `ahead` of its tenant's before it, from
-- the shares of its tenant and class, and the wait that follows from service times (ms; -1:
-- none is known yet).
local function place(class, tenant_weight, active, ahead)
  local waiting, classes, all = number('waiting:' .. class), 0, 0
  for c = 0, 2 do
    local count = number('waiting:' .. c)
    all = all + count
    if count > 0 or c == class then classes = classes + WEIGHTS[c] end
  end
  local among_class = math.min((ahead + 1) * active / tenant_weight, math.max(waiting, ahead + 1))
  local among_all = math.min(among_class * classes / WEIGHTS[class], math.max(all, ahead + 1))
  local service, running = number('service'), math.max(redis.call('ZCARD', RUNNING), 1)
  local wait = -1
  if service > 0 then wait = math.floor(among_all * service / running) end
  return math.max(math.ceil(among_all), 1), wait
end

local function place_of(id, t)
  local ahead = redis.call('ZRANK', queue(t.class, t.tenant), id)
  local weight = number('weight:' .. t.class .. ':' .. t.tenant)
  return place(t.class, weight, number('active:' .. t.class), ahead)
end

-- Whether one more may wait; if not, after how long it is worth to ask again (ms, -1 unknown).
local function may_wait(t)
  local class, mine = t.class, redis.call('ZCARD', queue(t.class, t.tenant))
  local active = number('active:' .. class)
  if mine == 0 then active = active + t.weight end
  local classes = WEIGHTS[class]
  for c = 0, 2 do
    if c ~= class and number('waiting:' .. c) > 0 then classes = classes + WEIGHTS[c] end
  end
  local _, wait = place(class, t.weight, active, mine)
  local of_class = math.ceil(PLACES * WEIGHTS[class] / classes)
  local of_tenant = math.ceil(of_class * t.weight / active)
  local all = number('waiting:0') + number('waiting:1') + number('waiting:2')
  local full = all >= PLACES and number('waiting:' .. class) >= of_class and mine >= of_tenant
  -- The first of a tenant may wait however long: else a small share would never be served.
  return not full and (mine == 0 or wait <= LONGEST), wait
end

-- What the dead left behind.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '-inf', now, 'LIMIT', 0, 200)) do
  leave(id, false)
end
redis.call('ZREMRANGEBYSCORE', PROCESSES, '-inf', now)
redis.call('ZADD', PROCESSES, now + LEASE, PROCESS)

-- ask      11 ticket   12 class   13 tokens   14 tenant's weight   15 tenant
--          → {1} has a place; {2, position, wait} waits; {0, wait} may not wait
-- restore  as ask, for a ticket that has a place → {1}
if call == 'ask' or call == 'restore' then
  local id = ARGV[FIRST]
  local t = {class = tonumber(ARGV[FIRST + 1]), tokens = tonumber(ARGV[FIRST + 2]),
             weight = tonumber(ARGV[FIRST + 3]), tenant = ARGV[FIRST + 4], process = PROCESS}
  local known = ticket_of(id)
  if known and redis.call('ZSCORE', RUNNING, id) then return {1} end
  if call == 'restore' then
    if known then dequeue(id, known) end
    remember(id, t)
    run(id, t)
    return {1}
  end
  if known then
    local position, wait = place_of(id, known)
    return {2, position, wait}
  end
  if not next_class() and has_room(t) then
    remember(id, t)
    pass_through(id, t)
    return {1}
  end
  admit(nil)
  if next_class() or not has_room(t) then
    local may, wait = may_wait(t)
    if not may then return {0, wait} end
  end
  remember(id, t)
  enqueue(id, t)
  admit(id)
  if redis.call('ZSCORE', RUNNING, id) then return {1} end
  local position, wait = place_of(id, t)
  return {2, position, wait}
end

-- leave    11 ticket   12 "1": its time counts as a service time → {}
if call == 'leave' then
  leave(ARGV[FIRST], ARGV[FIRST + 1] == '1')
  admit(nil)
  return {}
end

-- beat     11… the process's tickets, which all get a new lease
--          → {running, tokens, waiting, processes, then for each ticket its position (0: has a
--             place; -1: unknown) and its wait}
local ids = {}
for i = FIRST, #ARGV do
  ids[#ids + 1] = ARGV[i]
  redis.call('ZADD', LEASES, 'XX', now + LEASE, ARGV[i])
end
admit(nil)
local told = {redis.call('ZCARD', RUNNING), number('tokens'),
  number('waiting:0') + number('waiting:1') + number('waiting:2'), redis.call('ZCARD', PROCESSES)}
for _, id in ipairs(ids) do
  local t, position, wait = ticket_of(id), -1, -1
  if t and redis.call('ZSCORE', RUNNING, id) then
    position = 0
  elseif t then
    position, wait = place_of(id, t)
  end
  told[#told + 1] = position
  told[#told + 1] = wait
end
return told
