-- Every key and value as text, a line each, all of one moment.
local all = {}
for _, key in ipairs(redis.call("KEYS", "*")) do
    local kind = redis.call("TYPE", key).ok
    local value
    if kind == "string" then value = { redis.call("GET", key) }
    elseif kind == "hash" then value = redis.call("HGETALL", key)
    elseif kind == "set" then value = redis.call("SMEMBERS", key)
    elseif kind == "zset" then value = redis.call("ZRANGE", key, 0, -1, "WITHSCORES")
    elseif kind == "list" then value = redis.call("LRANGE", key, 0, -1)
    elseif kind == "stream" then
        value = {}
        for _, entry in ipairs(redis.call("XRANGE", key, "-", "+")) do
            table.insert(value, entry[1] .. " " .. table.concat(entry[2], " "))
        end
    else return redis.error_reply("ERR cannot dump a " .. kind) end
    table.insert(all, key .. " = " .. table.concat(value, " "))
end
return table.concat(all, "\n")
