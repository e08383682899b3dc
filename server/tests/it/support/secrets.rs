//! Everything in which a secret could show.

use edge::testing::RedisServer;
use reqwest::Response;

/// An answer's headers and body.
pub async fn whole(answer: Response) -> String {
    let headers = format!("{:?}", answer.headers());
    headers + &answer.text().await.unwrap()
}

/// Every key and value in Redis; some words are among them.
pub async fn dump(redis: &RedisServer, words: &str) -> String {
    let mut connection = redis.connection().await.unwrap();
    let script = redis::Script::new(
        r#"local all = {}
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
            else error("a " .. kind) end
            table.insert(all, key .. " = " .. table.concat(value, " "))
        end
        return table.concat(all, "\n")"#,
    );
    let dump: String = script.invoke_async(&mut connection).await.unwrap();
    assert!(dump.contains(words), "{dump}");
    dump
}
