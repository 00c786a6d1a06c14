/** Bucket `i` ends at `1.1 ** i` times the smallest latency told apart. */
const growth = 1.1;
const smallestMs = 0.1;
const buckets = 112;
const logGrowth = Math.log(growth);
/** After this many latencies all counts are halved, so that what was long ago counts less and less. */
const halveAfter = 2_000;
/** A quantile of fewer is a guess. */
const minimum = 50;

/** What latencies have been like lately, to a tenth of each; 0.1 ms to 4 s, longer ones count as that. */
export class Latencies {
  private readonly counts = new Float64Array(buckets);
  private total = 0;
  private known = 0;
  private p95Cached: number | undefined;

  add(latencyMs: number): void {
    const bucket = Math.ceil(Math.log(latencyMs / smallestMs) / logGrowth);
    this.counts[Math.min(buckets - 1, Math.max(0, bucket))]! += 1;
    this.total += 1;
    this.known += 1;
    if (this.total >= halveAfter) this.halve();
    if (this.known % minimum === 0) this.p95Cached = this.quantile(0.95);
  }

  /** Undefined until enough is known; at most 50 latencies old. */
  get p95(): number | undefined {
    return this.p95Cached;
  }

  /** The upper bound of the bucket it falls into; undefined when nothing is known. */
  quantile(part: number): number | undefined {
    if (this.total === 0) return undefined;
    let below = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      below += this.counts[bucket]!;
      if (below >= part * this.total) return smallestMs * growth ** bucket;
    }
    return undefined;
  }

  private halve(): void {
    this.total = 0;
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      this.counts[bucket] = Math.floor(this.counts[bucket]! / 2);
      this.total += this.counts[bucket]!;
    }
  }
}
