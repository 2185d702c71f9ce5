"""The snippets of the guide for those who come from redis-py. Each stands between "begin" and "end"."""
import logging
import time

import redis

r = redis.Redis()


def connect():
    # begin connect
    r = redis.Redis.from_url("redis://user:secret@localhost:6379/0?max_connections=20")
    # end


def options():
    # begin options
    r = redis.Redis(host="localhost", port=6379, password="secret", db=2, max_connections=20, socket_timeout=2)
    # end


def getset():
    # begin getset
    r.set("name", "Ada")
    name = r.get("name")      # b"Ada"
    nobody = r.get("nobody")  # None
    n = int(r.get("visits") or 0)
    # end


def expiry():
    # begin expiry
    r.set("token", "t1", ex=60)
    ok = r.expire("token", 3600)
    left = r.ttl("token")  # -1, -2, or seconds
    # end


def nx():
    # begin nx
    mine = r.set("lock", "worker-1", nx=True, ex=10)  # True or None
    # end


def hash():
    # begin hash
    r.hset("user:1", mapping={"name": "Ada", "age": 36})
    user = r.hgetall("user:1")  # {b"name": b"Ada", b"age": b"36"}
    # end


def pipeline():
    # begin pipeline
    p = r.pipeline(transaction=False)  # True, which is MULTI … EXEC, if it is left away
    p.incr("hits")
    p.get("nobody")
    hits, name = p.execute()  # 1, None
    # end


def watch():
    # begin watch
    def bump(p):
        n = int(p.get("stock") or 0)
        p.multi()
        p.set("stock", n + 1)

    r.transaction(bump, "stock")  # again after a conflict, without end
    # end


def blocking():
    # begin blocking
    popped = r.blpop(["jobs", "more jobs"], timeout=5)  # None after 5 s
    if popped:
        queue, job = popped
    # end


def scan():
    # begin scan
    for key in r.scan_iter(match="user:*", count=100):
        print(key)
    # end


# begin script
take = r.register_script("""
    local n = tonumber(redis.call("GET", KEYS[1]) or "0")
    if n < tonumber(ARGV[1]) then return -1 end
    return redis.call("DECRBY", KEYS[1], ARGV[1])""")

left = take(keys=["stock"], args=[2])
# end


def pubsub():
    # begin pubsub
    p = r.pubsub()
    p.subscribe("news")
    r.publish("news", "hello")
    for m in p.listen():
        if m["type"] == "message":
            print(m["channel"], m["data"])
            break
    # end


def streams():
    # begin streams
    r.xadd("orders", {"item": "bolt"})
    r.xgroup_create("orders", "packers", id="0", mkstream=True)
    for stream, messages in r.xreadgroup("packers", "ada", {"orders": ">"}, count=10, block=1000):
        for id, fields in messages:
            print(fields[b"item"])
            r.xack("orders", "packers", id)
    # end


def timeouts():
    # begin timeouts
    r = redis.Redis(socket_timeout=0.05)  # each wait for the socket, of every command
    r.get("name")                         # redis.TimeoutError
    # end


def retries():
    # begin retries
    from redis.backoff import ExponentialBackoff
    from redis.retry import Retry

    r = redis.Redis(retry=Retry(ExponentialBackoff(cap=1), 5))  # every command, INCR too
    # end


def pool():
    # begin pool
    pool = redis.BlockingConnectionPool(max_connections=20, timeout=1)
    r = redis.Redis(connection_pool=pool)
    # end


def tls():
    # begin tls
    r = redis.Redis.from_url("rediss://localhost:6379?ssl_ca_certs=/etc/ssl/redis-ca.pem")
    # end


def databases():
    # begin databases
    third = redis.Redis(db=3)  # a client and a pool for each
    third.set("name", "Ada")
    # end


def hooks():
    # begin hooks
    began = time.monotonic()
    r.get("name")
    logging.info("GET %f", time.monotonic() - began)  # around the calls, or OpenTelemetry
    # end


def closing():
    # begin closing
    r.close()
    # end


def errors():
    # begin errors
    try:
        r.incr("visits")
    except redis.ResponseError as e:
        print(e)  # the server's answer
    except (redis.ConnectionError, redis.TimeoutError):
        pass  # it may have run, or not
    # end
