-- Records up to which message senders know that the peer is left alone (after prelude.lua).
-- ARGV[1] the message
redis.call('SET', TOLD, ARGV[1])
return 0
