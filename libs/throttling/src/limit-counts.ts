/** Where limits were counted since the start: those of `replica` knew nothing of what other replicas let pass. */
export class LimitCounts {
  store = 0;
  replica = 0;
}
