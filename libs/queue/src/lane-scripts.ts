/*
 * Keys of a lane: `a` sorted set of places (member: job id, or `r:` + job id while a turn is reserved
 * for it; score: when the place lapses), `p` sorted set of parked deliveries (score: order), `l` hash of
 * limits, `t` time of the next allowed request (GCRA, in milliseconds). `lanes` holds the lanes with parked
 * deliveries, by the time to look at them. `s` is there while a lane goes one by one: a number of deliveries
 * that are to arrive in their order. `w` is the lane's width, at most the
 * limit of its subscription: it begins with 32, or with the limit where that is less. While the endpoint answers well
 * it grows by one an answer, which doubles it with each round. A strained endpoint halves it, at most once a second
 * (`x` is there meanwhile), and from that half on (`h`) it grows by one a round. Ten minutes without an answer, and it
 * begins again.
 * A company's places in all its lanes are a sorted set under its own id: it may have its share, and beyond it what who
 * asks has to spare. Without that a few endpoints that hang would hold every dispatcher. One call gives those that wait
 * no more than is to spare, in all lanes together: their jobs go before all others. Its lanes that wait for its share
 * are a sorted set beside it (`q`), by since when: a place that is given back goes to the lane that waits longest.
 * Whose turn it is: who waits longest; but where that is more than 30 s, every other turn is the newest's, so that
 * an endpoint that was away hears what happens now while it catches up. What has an order far in the future, of a
 * replay, goes when nobody else waits.
 */
const SHARED = `
local share, spare
local function rateWait(t, now, rate)
  if rate <= 0 then return 0 end
  local tat = math.max(tonumber(redis.call('GET', t) or '0'), now)
  if tat - now > 50 then return tat - now end
  redis.call('SET', t, tat + 1000 / rate, 'PX', 60000)
  return 0
end
local function width(base, limit)
  if redis.call('EXISTS', base .. ':s') == 1 then return 1 end
  return math.max(1, math.min(limit, math.floor(tonumber(redis.call('GET', base .. ':w') or '32'))))
end
local function nextOf(base, p, now)
  local oldest = tonumber(redis.call('ZRANGE', p, 0, 0, 'WITHSCORES')[2])
  if now - oldest > 30000 and redis.call('ZCARD', p) % 2 == 0 and redis.call('EXISTS', base .. ':s') == 0 then
    local newest = redis.call('ZREVRANGEBYSCORE', p, now + 60000, '-inf', 'LIMIT', 0, 1)[1]
    redis.call('ZREM', p, newest)
    return newest
  end
  return redis.call('ZPOPMIN', p)[1]
end
-- Whether another generation of this delivery has a place: what was started again while its request was under way
-- goes after that one, never beside it. The first generation, which is nearly all, asks for the second only.
local function isUnderWay(a, id)
  local delivery, generation = string.match(id, '^(.*_g)(%d+)$')
  if not delivery then return false end
  if generation == '1' then return redis.call('ZSCORE', a, delivery .. '2') end
  for _, member in ipairs(redis.call('ZRANGE', a, 0, -1)) do
    if member ~= id and string.sub(member, 1, #delivery) == delivery then return true end
  end
  return false
end
local function hasShare(all, now)
  redis.call('ZREMRANGEBYSCORE', all, '-inf', now)
  return redis.call('ZCARD', all) < share
end
local function waitForShare(all, sub, now)
  redis.call('ZADD', all .. ':q', 'NX', now, sub)
  redis.call('PEXPIRE', all .. ':q', 120000)
end
local function place(a, all, member, untilMs)
  redis.call('ZADD', a, untilMs, member)
  redis.call('ZADD', all, untilMs, member)
end
local function give(a, all, member)
  redis.call('ZREM', all, member)
  return redis.call('ZREM', a, member)
end
-- Gives places to those that wait in a lane, the first of them to the caller itself when it goes on (direct).
local function take(stem, sub, now, ttl, direct, most)
  local base = stem .. sub
  local a, p = base .. ':a', base .. ':p'
  redis.call('ZREMRANGEBYSCORE', a, '-inf', now)
  local limits = redis.call('HMGET', base .. ':l', 'c', 'r', 'o')
  local all = stem .. (limits[3] or 'unknown')
  local limit, rate = width(base, tonumber(limits[1] or '1')), tonumber(limits[2] or '0')
  local out, wait = {}, 1000
  while redis.call('ZCARD', a) < limit and redis.call('ZCARD', p) > 0 do
    local beyond = not hasShare(all, now)
    if #out == most or (beyond and spare <= 0) then
      waitForShare(all, sub, now)
      break
    end
    local due = rateWait(base .. ':t', now, rate)
    if due > 0 then wait = math.min(1000, due) break end
    local id = nextOf(base, p, now)
    if isUnderWay(a, id) then
      redis.call('ZADD', p, now, id)
      break
    end
    if beyond then spare = spare - 1 end
    if direct and #out == 0 then place(a, all, id, now + ttl)
    else place(a, all, 'r:' .. id, now + ttl) end
    out[#out + 1] = id
  end
  return out, wait
end
local function settle(base, lanes, sub, now, wait)
  if redis.call('ZCARD', base .. ':p') > 0 then redis.call('ZADD', lanes, now + wait, sub)
  else redis.call('ZREM', lanes, sub) end
  redis.call('PEXPIRE', base .. ':l', 86400000)
end
`;

/**
 * KEYS: the stem of all lanes' keys, `lanes`. ARGV: a company's share, what is to spare, and a JSON array of steps (kind,
 * job id, subscription, company, now, ttl, and for `enter`: limit, rate, order; for `leave`: 1 when the caller goes on,
 * the endpoint's load, limit; for `park`: order, how many must wait there already). The answer
 * is a JSON array of what came of each: of an `enter` [0] parked, [1, how many wait for its place] go or [2, until]
 * taken; of a `leave` a subscription and a job id for each whose turn has come; of a `park` [1] when it waits there now. A
 * step that fails is answered with {err: text} and does not keep the others from theirs: those before it are done, and
 * doing them again would find their places taken.
 */
export const STEPS = `${SHARED}
local stem, lanes = KEYS[1], KEYS[2]
share, spare = tonumber(ARGV[1]), tonumber(ARGV[2])
local function waiting(p, all)
  return redis.call('ZCARD', p) + redis.call('ZCARD', all .. ':q')
end
local function enter(whose, limit, rate, order)
  local base, all, id, now, ttl = whose.base, whose.all, whose.id, whose.now, whose.ttl
  local a, p = base .. ':a', base .. ':p'
  redis.call('ZREMRANGEBYSCORE', a, '-inf', now)
  local held = redis.call('ZSCORE', a, id)
  if held then return {2, held} end
  if isUnderWay(a, id) then return {2, now + 1000} end
  if give(a, all, 'r:' .. id) == 1 then
    place(a, all, id, now + ttl)
    return {1, waiting(p, all)}
  end
  local wait = 1000
  local serial = redis.call('EXISTS', base .. ':s') == 1
  -- One by one: everybody takes a number, so that whoever comes first to this line is not the first to go.
  if serial then wait = 100
  -- Who asks is among what is under way already: it takes nothing of what is to spare.
  elseif spare <= 0 and not hasShare(all, now) then waitForShare(all, whose.sub, now)
  elseif redis.call('ZCARD', a) < width(base, limit) then
    local due = rateWait(base .. ':t', now, rate)
    if due == 0 then
      place(a, all, id, now + ttl)
      redis.call('PEXPIRE', a, 120000)
      redis.call('PEXPIRE', all, 120000)
      redis.call('ZREM', p, id)
      return {1, waiting(p, all)}
    end
    wait = math.min(1000, due)
  end
  redis.call('HSET', base .. ':l', 'c', limit, 'r', rate, 'o', whose.company)
  redis.call('ZADD', p, 'NX', order, id)
  redis.call('ZADD', lanes, 'LT', now + wait, whose.sub)
  return {0}
end
local function adapt(base, load, limit, now)
  local w, h = base .. ':w', base .. ':h'
  local present = math.min(limit, tonumber(redis.call('GET', w) or '32'))
  if load == 'strained' and redis.call('SET', base .. ':x', 1, 'PX', 1000, 'NX') then
    local half = math.max(1, math.floor(present / 2))
    redis.call('SET', w, half, 'PX', 600000)
    redis.call('SET', h, half, 'PX', 600000)
  elseif load == 'fine' and present < limit then
    local step = present < tonumber(redis.call('GET', h) or limit) and 1 or 1 / present
    redis.call('SET', w, math.min(limit, present + step), 'PX', 600000)
  -- Kept as wide as it is while it is used; looked at now and then, which costs nothing.
  elseif load == 'fine' and now % 64 == 0 then
    redis.call('PEXPIRE', w, 600000)
  end
end
local function leave(whose, direct, load, limit)
  local base, now = whose.base, whose.now
  give(base .. ':a', whose.all, whose.id)
  adapt(base, load, limit, now)
  if redis.call('EXISTS', base .. ':s') == 1 then
    if redis.call('DECR', base .. ':s') <= 0 then redis.call('DEL', base .. ':s')
    else redis.call('PEXPIRE', base .. ':s', 60000) end
  end
  local turns = {}
  local function call(sub, most)
    local out, wait = take(stem, sub, now, whose.ttl, direct and #turns == 0, most)
    settle(stem .. sub, lanes, sub, now, wait)
    for _, id in ipairs(out) do
      turns[#turns + 1] = sub
      turns[#turns + 1] = id
    end
  end
  -- A few at a time: their jobs go before all others.
  if redis.call('EXISTS', base .. ':p') == 1 then call(whose.sub, 8) end
  local q = whose.all .. ':q'
  for _ = 1, 20 do
    if redis.call('EXISTS', q) == 0 or not (spare > 0 or hasShare(whose.all, now)) then break end
    call(redis.call('ZPOPMIN', q)[1], 1)
  end
  return turns
end
local function park(whose, order, least)
  local p = whose.base .. ':p'
  if redis.call('ZCARD', p) < least then return {0} end
  redis.call('ZADD', p, 'NX', order, whose.id)
  return {1}
end
local function take_step(step)
  local sub, company = step[3], step[4]
  local whose = {
    id = step[2], sub = sub, company = company, now = step[5], ttl = step[6],
    base = stem .. sub, all = stem .. company,
  }
  if step[1] == 'enter' then return enter(whose, step[7], step[8], step[9]) end
  if step[1] == 'park' then return park(whose, step[7], step[8]) end
  return leave(whose, step[7] == 1, step[8], step[9])
end
local results = {}
for _, step in ipairs(cjson.decode(ARGV[3])) do
  local ok, result = pcall(take_step, step)
  if not ok then result = {err = type(result) == 'table' and result.err or tostring(result)} end
  results[#results + 1] = result
end
return cjson.encode(results)
`;

/** KEYS: `lanes`, the stem of all lanes' keys. ARGV: a company's share, what is to spare, now, ttl. Pairs
 * of a subscription and its jobs. */
export const WAKE = `${SHARED}
local lanes, stem = KEYS[1], KEYS[2]
share, spare = tonumber(ARGV[1]), tonumber(ARGV[2])
local now, ttl = tonumber(ARGV[3]), tonumber(ARGV[4])
local result = {}
for _, sub in ipairs(redis.call('ZRANGEBYSCORE', lanes, '-inf', now, 'LIMIT', 0, 50)) do
  local out, wait = take(stem, sub, now, ttl, false, 100)
  settle(stem .. sub, lanes, sub, now, wait)
  if #out > 0 then result[#result + 1] = {sub, out} end
end
return result
`;

/**
 * The lane of a subscription that is no more. KEYS: the stem of all lanes' keys, `lanes`. ARGV: job id, subscription.
 * Gives back the place that is held or kept for this job, and forgets who waits: no end of a request would call them
 * any more, and each that is called would keep a place of its company until it lapses.
 */
export const CLOSE = `
local stem, lanes, id, sub = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local base = stem .. sub
local all = stem .. (redis.call('HGET', base .. ':l', 'o') or 'unknown')
for _, member in ipairs({id, 'r:' .. id}) do
  redis.call('ZREM', base .. ':a', member)
  redis.call('ZREM', all, member)
end
redis.call('UNLINK', base .. ':p')
redis.call('ZREM', lanes, sub)
`;
