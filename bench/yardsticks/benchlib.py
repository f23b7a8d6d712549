"""Small helpers of the scripts here: timing, peak memory, the IMAP account, one JSON line per result."""
import json, os, resource, sys, time, threading
HOST, PORT, PW = "127.0.0.1", int(os.environ["IMAP_PORT"]), os.environ["IMAP_PASSWORD"]
HERE = os.environ["BENCH_DIR"]

class Timed:
    """with Timed('name', n=10000) as t: ...   prints wall, cpu, rate, peak RSS as a JSON line"""
    def __init__(self, name, n=None, **kw):
        self.name, self.n, self.kw = name, n, kw
    def __enter__(self):
        self.c0, self.w0 = os.times(), time.perf_counter()
        return self
    def __exit__(self, *e):
        self.wall = time.perf_counter() - self.w0
        c = os.times()
        self.cpu = sum(c[i] - self.c0[i] for i in range(4))
        if e and e[0] is not None:
            print(json.dumps({"name": self.name, "FAILED": repr(e[1])[:300]}), flush=True)
            return False
        d = {"name": self.name, "wall": round(self.wall, 4), "cpu": round(self.cpu, 4)}
        if self.n:
            d.update(n=self.n, per_s=round(self.n / self.wall, 1))
        d.update(self.kw)
        d["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        print(json.dumps(d), flush=True)
        return False

def corpus(k="10k"):
    d = os.path.join(HERE, "data", "c" + k, "Maildir", "cur")
    return [os.path.join(d, f) for f in sorted(os.listdir(d), key=lambda f: f.split(".")[1])]

def med(fn, runs=5, clock=time.perf_counter):
    """median seconds of fn() over runs (clock=time.process_time: CPU seconds, which a noisy neighbour moves less)"""
    ts = []
    for _ in range(runs):
        t = clock(); fn(); ts.append(clock() - t)
    ts.sort()
    return ts[len(ts) // 2]
