-- Tells all instances that this one lives, while Redis takes no heartbeat. It writes nothing.
-- KEYS, ARGV[3] and ARGV[4] as in prelude.lua
-- Returns how many heard it.
-- The event changes nothing: no mirror has that revision.
return redis.call('SPUBLISH', ARGV[4], '{"epoch":0,"rev":0,"from":"' .. ARGV[3] .. '","regions":[]}')
