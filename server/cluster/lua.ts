// The Lua scripts of the store. Those about a room touch only keys with its hash tag {CODE}, so that they run on a Redis Cluster.
//
//   room:        HASH epoch, owner, version, birth, until (Redis's own time, ms), waters     expires ROOM_KEEP_MS after the last renewal
//   checkpoint:  HASH epoch, bytes                                                   the same
//   servers:     ZSET id -> until, HASH id -> JSON                                   expired ones removed with each beat
//   hall:        ZSET player -> score, HASH player -> JSON {name, at}                 HALL_OF_FAME_MAX players
//
// A server of a version that does not know `waters` would take an arena over from an owner that is gone, find that it cannot read it, and drop
// it. So the `until` of an arena lies ARENA_SHIELD_MS later than its lease: only who knows of the shield ever sees the lease run out.

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Some three hundred years; a double holds the sum to the millisecond. */
export const ARENA_SHIELD_MS = 1e13;

const SHIELD = `
local function shield(waters) return waters == 'arena' and ${ARENA_SHIELD_MS} or 0 end
`;

const HOLDER = `${SHIELD}
local function holder(r)
  return {0, r[1], r[2], r[3], r[4], string.format('%.0f', tonumber(r[5]) - shield(r[6]) - now), r[6] or 'basin'}
end
`;

const READ_ROOM = `local room = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'version', 'birth', 'until', 'waters')
`;

/** KEYS room, checkpoint; ARGV epoch, owner, version, birth, leaseMs, keepMs, waters → {1} or {0, the holder}. */
const hold = `${NOW}${HOLDER}${READ_ROOM}
local epoch = tonumber(ARGV[1])
if room[1] then
  local known = tonumber(room[1])
  if room[4] ~= ARGV[4] or known > epoch or (known == epoch and room[2] ~= ARGV[2]) then return holder(room) end
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'owner', ARGV[2], 'version', ARGV[3], 'birth', ARGV[4],
  'until', string.format('%.0f', now + ARGV[5] + shield(ARGV[7])), 'waters', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return {1}`;

/** KEYS room → nil or {0, the holder}. */
const room = `${NOW}${HOLDER}${READ_ROOM}
if not room[1] then return nil end
return holder(room)`;

/** KEYS room, checkpoint; ARGV fromEpoch, owner, version, leaseMs, keepMs → {reason} or {'taken', birth, bytes}. */
const takeOver = `${NOW}${SHIELD}${READ_ROOM}
if not room[1] then return {'unknown'} end
if room[1] ~= ARGV[1] then return {'epoch-moved'} end
if room[2] ~= ARGV[2] and tonumber(room[5]) - shield(room[6]) > now then return {'lease-held'} end
local bytes = redis.call('HGET', KEYS[2], 'bytes')
if not bytes then
  redis.call('DEL', KEYS[1], KEYS[2])
  return {'no-checkpoint'}
end
redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', ARGV[1] + 1), 'owner', ARGV[2], 'version', ARGV[3],
  'until', string.format('%.0f', now + ARGV[4] + shield(room[6])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return {'taken', room[4], bytes}`;

/** KEYS room, checkpoint; ARGV epoch, owner, birth, heir, its version, leaseMs, keepMs, bytes → {1}, {0, the holder} or nil. */
const handOver = `${NOW}${HOLDER}${READ_ROOM}
if not room[1] then return nil end
local nextEpoch = string.format('%.0f', ARGV[1] + 1)
if room[1] ~= ARGV[1] or room[2] ~= ARGV[2] or room[4] ~= ARGV[3] then
  if room[1] == nextEpoch and room[2] == ARGV[4] and room[4] == ARGV[3] then return {1} end
  return holder(room)
end
redis.call('HSET', KEYS[1], 'epoch', nextEpoch, 'owner', ARGV[4], 'version', ARGV[5],
  'until', string.format('%.0f', now + ARGV[6] + shield(room[6])))
redis.call('HSET', KEYS[2], 'epoch', nextEpoch, 'bytes', ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call('PEXPIRE', KEYS[2], ARGV[7])
return {1}`;

const IS_MINE = `local room = redis.call('HMGET', KEYS[1], 'epoch', 'owner', 'birth', 'waters')
if room[1] ~= ARGV[1] or room[2] ~= ARGV[2] or room[3] ~= ARGV[3] then return 0 end
`;

/** KEYS room, checkpoint; ARGV epoch, owner, birth, keepMs, bytes → 1 or 0. */
const saveCheckpoint = `${IS_MINE}
redis.call('HSET', KEYS[2], 'epoch', ARGV[1], 'bytes', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1`;

/** The same, and the lease runs out at once. */
const free = `${NOW}${SHIELD}${IS_MINE}
redis.call('HSET', KEYS[2], 'epoch', ARGV[1], 'bytes', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + shield(room[4])))
return 1`;

/** KEYS room, checkpoint; ARGV epoch, owner, birth → 1 or 0. */
const drop = `${IS_MINE}
redis.call('DEL', KEYS[1], KEYS[2])
return 1`;

/** KEYS until, records; ARGV id, JSON, expiryMs. */
const heartbeat = `${NOW}
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
return 1`;

/** KEYS until, records; ARGV id. */
const leave = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`;

/** KEYS until, records → JSON of each live server. */
const servers = `${NOW}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf')
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[2], unpack(ids))`;

/** KEYS until, records; ARGV id → 1 while the server's heartbeat has not run out. */
const alive = `${NOW}
local untilMs = redis.call('ZSCORE', KEYS[1], ARGV[1])
if untilMs and tonumber(untilMs) > now then return 1 end
return 0`;

/** KEYS scores, entries; ARGV max, then player, score, JSON for each. */
const mergeScores = `
for i = 2, #ARGV, 3 do
  local best = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if not best or tonumber(best) < tonumber(ARGV[i + 1]) then
    redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 2])
  end
end
local surplus = redis.call('ZCARD', KEYS[1]) - ARGV[1]
if surplus > 0 then
  for _, player in ipairs(redis.call('ZRANGE', KEYS[1], 0, surplus - 1)) do
    redis.call('ZREM', KEYS[1], player)
    redis.call('HDEL', KEYS[2], player)
  end
end
return 1`;

/** KEYS scores, entries → player, score, JSON for each, highest first. */
const hall = `
local flat = redis.call('ZREVRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local answer = {}
for i = 1, #flat, 2 do
  answer[#answer + 1] = flat[i]
  answer[#answer + 1] = flat[i + 1]
  answer[#answer + 1] = redis.call('HGET', KEYS[2], flat[i])
end
return answer`;

/** Each script with the number of its keys; the names become commands of the client. */
export const SCRIPTS = {
  tideHold: { lua: hold, numberOfKeys: 2 },
  tideRoom: { lua: room, numberOfKeys: 1 },
  tideTakeOver: { lua: takeOver, numberOfKeys: 2 },
  tideHandOver: { lua: handOver, numberOfKeys: 2 },
  tideSaveCheckpoint: { lua: saveCheckpoint, numberOfKeys: 2 },
  tideFree: { lua: free, numberOfKeys: 2 },
  tideDrop: { lua: drop, numberOfKeys: 2 },
  tideHeartbeat: { lua: heartbeat, numberOfKeys: 2 },
  tideLeave: { lua: leave, numberOfKeys: 2 },
  tideServers: { lua: servers, numberOfKeys: 2 },
  tideAlive: { lua: alive, numberOfKeys: 2 },
  tideMergeScores: { lua: mergeScores, numberOfKeys: 2 },
  tideHall: { lua: hall, numberOfKeys: 2 },
} as const;

export type ScriptName = keyof typeof SCRIPTS;
